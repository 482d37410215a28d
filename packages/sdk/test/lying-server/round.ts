import { CdfError, NotFoundError } from '@cdf/core';
import type { CdfClient } from '@cdf/sdk-core';
import type { Lie, LyingServer } from '../../../../tooling/lying-server/server.js';
import { canonical } from './canonical.js';
import type { Operation } from './operations.js';
import { unsaid, unsaidWhole } from './said.js';
import { type Cell, type Shape, type Verdict, verdictOf } from './verdicts.js';
import { watched } from './watch.js';
import { SILENCE_MS, type World } from './world.js';

/** Retries of one request, with the first attempt. */
const ATTEMPTS = 3;
/** Requests that a list, or each of its ten partitions, may follow in vain. */
const IN_VAIN = 120;
const PARTITIONS = 10;
/** @unit milliseconds */
const LONGEST = 120_000;
/**
 * Part of a client's patience: a process that stood still for longer makes honest answers late too.
 */
const MOST_LAG = SILENCE_MS / 4;

/** One operation under one lie. */
export interface Round {
  readonly operation: Operation;
  readonly lie: Lie;
  readonly times: number;
  /** True if the server never gets the request that is lied about, where that is possible. */
  readonly withhold: boolean;
  /** For names that no other round has. */
  readonly key: string;
}

export interface Lane {
  readonly world: World;
  readonly liar: LyingServer;
  /** Its timeout is longer than an honest answer takes on a busy machine. */
  readonly client: CdfClient;
  /** For lies that keep a client waiting. */
  readonly impatient: CdfClient;
  /** It reads answers of any size. */
  readonly trusting: CdfClient;
}

export interface RoundResult {
  /** How often the lie has reached the client. */
  readonly told: number;
  readonly verdict: Verdict;
  /** The violated rule. */
  readonly violation?: string | undefined;
}

/** Tells whether a lie keeps its client waiting, and the processor idle. */
export function isSilent({ name }: Lie): boolean {
  return name.startsWith('silence');
}

const honestResults = new Map<string, { value: string; requests: number }>();

/**
 * Runs an operation under a lie, and compares the outcome with the table and with the stored items.
 */
export async function play(lane: Lane, round: Round): Promise<RoundResult> {
  const { operation, lie, times } = round;
  const { liar, world } = lane;
  const cell = verdictOf(lie.name, operation.shape, operation.name) as Cell;
  const verdict = times === 1 ? cell.once : cell.always;
  const manners = { pageLimit: operation.pageLimit, isJsonOnly: operation.isJsonOnly };
  const honest = operation.write === undefined ? await honestResult(lane, operation) : undefined;
  const input = await operation.write?.prepare(world.honest, round.key);
  liar.begin({ lie, times, withhold: round.withhold, isTarget: operation.isTarget }, manners);
  const client = isSilent(lie)
    ? lane.impatient
    : operation.isTrusting
      ? lane.trusting
      : lane.client;
  const watch = watched(operation.run(client, input), LONGEST);
  const outcome = await ended(watch.result);
  const { told, requests } = liar;
  const said = [...liar.said];
  liar.begin(undefined);
  await liar.settled();
  const most =
    ((honest?.requests ?? 2) + 1) * ATTEMPTS +
    IN_VAIN * (operation.shape === 'parts' ? PARTITIONS : 1);
  const wrongs: string[] = [];
  if (requests > most) wrongs.push(`${requests} requests, at most ${most} were expected`);
  if ('error' in outcome && !CdfError.isInstance(outcome.error))
    wrongs.push(`threw ${describe(outcome.error)}`);
  else if ('error' in outcome && outcome.error.code === 'config')
    wrongs.push(`blames the caller: ${describe(outcome.error)}`);
  else if (operation.write !== undefined)
    wrongs.push(...(await writeProblems(lane, round, { verdict, told, outcome, said, input })));
  else
    wrongs.push(...readProblems(operation, { verdict, told, outcome, said }, honest?.value ?? ''));
  await operation.write?.clean?.(world.honest, input);
  // The client's own patience, not the lie, may have ended it.
  if (isSilent(lie) && watch.lag > MOST_LAG) return { told: 0, verdict };
  return { told, verdict, violation: wrongs.length === 0 ? undefined : wrongs.join('; ') };
}

/** Shapes of operations that read by names. */
const NAMED: readonly Shape[] = ['byIds', 'one', 'byNames', 'named', 'schemaSome', 'schemaOne'];

type Outcome = { readonly value: unknown } | { readonly error: CdfError };
type Said = LyingServer['said'];

interface Seen {
  readonly verdict: Verdict;
  readonly told: number;
  readonly outcome: Outcome;
  readonly said: Said;
}

async function ended(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await work };
  } catch (error) {
    return { error: error as CdfError };
  }
}

async function honestResult(
  { liar, client }: Lane,
  operation: Operation,
): Promise<{ value: string; requests: number }> {
  const known = honestResults.get(operation.name);
  if (known !== undefined) return known;
  liar.begin(undefined, { pageLimit: operation.pageLimit, isJsonOnly: operation.isJsonOnly });
  const result = await operation.run(client, undefined).then(
    (value) => ({ value: canonical(value), requests: liar.requests }),
    (cause: unknown) => {
      throw new Error(`${operation.name} fails without a lie: ${describe(cause)}`, { cause });
    },
  );
  // The check for loss must pass without a lie.
  const wrong = notSaid(operation, JSON.parse(result.value), liar.said);
  if (wrong.length > 0) throw new Error(`without a lie: ${wrong.join('; ')}`);
  honestResults.set(operation.name, result);
  return result;
}

function readProblems(
  operation: Operation,
  { verdict, told, outcome, said }: Seen,
  honest: string,
): string[] {
  const { shape } = operation;
  if ('error' in outcome) {
    if (told === 0) return [`failed without a lie: ${describe(outcome.error)}`];
    if (verdict === 'told') return [];
    const isLoss = verdict === 'invisible' && NotFoundError.isInstance(outcome.error);
    if (isLoss && NAMED.includes(shape)) return [];
    if (verdict === 'invisible' && shape === 'parts' && lostOfFirst(said) > 0) return [];
    return [`expected ${verdict}, got ${describe(outcome.error)}`];
  }
  const isRight = canonical(outcome.value) === honest;
  if (told === 0) return isRight ? [] : ['wrong without a lie'];
  if (verdict === 'told')
    return [`expected an error, got ${isRight ? 'the right' : 'a wrong'} result`];
  if (verdict === 'harmless')
    return isRight
      ? []
      : [`expected the right result, got ${difference(canonical(outcome.value), honest)}`];
  if (shape === 'parts' && lostOfFirst(said) > 0)
    return ['items of the first page were lost in silence'];
  return isRight ? [] : notSaid(operation, outcome.value, said);
}

async function writeProblems(
  { world }: Lane,
  { operation }: Round,
  { verdict, told, outcome, said, input }: Seen & { readonly input: unknown },
): Promise<string[]> {
  const {
    stored: look,
    nameOf,
    expected,
    isCounted,
  } = operation.write as NonNullable<Operation['write']>;
  const stored = await look(world.honest, input);
  if ('error' in outcome) {
    const wrongs =
      nameOf === undefined
        ? deliveryProblems(outcome.error, stored)
        : accountProblems(outcome.error, stored, nameOf, said, isCounted);
    if (told === 0) wrongs.push(`failed without a lie: ${describe(outcome.error)}`);
    else if (verdict !== 'told') wrongs.push(`expected ${verdict}, got ${describe(outcome.error)}`);
    return wrongs;
  }
  const missing = [...stored].filter(([, isStored]) => !isStored).map(([name]) => name);
  if (missing.length > 0) return [`says that it is done, but is not: ${missing.join(', ')}`];
  if (verdict === 'told' && told > 0) return ['expected an error'];
  if (expected === undefined) return [];
  const right = canonical(await expected(world.honest, input));
  const isRight = canonical(outcome.value) === right;
  if (verdict === 'invisible' && told > 0)
    return isRight ? [] : notSaid(operation, outcome.value, said);
  return isRight
    ? []
    : [`expected another result, got ${difference(canonical(outcome.value), right)}`];
}

/** Every item is accounted for once, and truthfully. */
export function accountProblems(
  error: CdfError,
  stored: ReadonlyMap<string, boolean>,
  nameOf: (item: unknown) => string | readonly string[],
  said: Said,
  isCounted: boolean = false,
): string[] {
  const [successful, unknown, failed] = [error.successful, error.unknown, error.failed].map(
    (items) => items.flatMap(nameOf),
  );
  const all = [...(successful ?? []), ...(unknown ?? []), ...(failed ?? [])];
  const wrongs: string[] = [];
  const listed = [...stored].filter(
    ([name, isStored]) => !(isCounted && isStored && !all.includes(name)),
  );
  if (canonical([...all].sort()) !== canonical(listed.map(([name]) => name).sort()))
    wrongs.push(`the account has ${all.length} of ${stored.size} items: ${describe(error)}`);
  for (const name of successful ?? [])
    if (!stored.get(name)) wrongs.push(`${name} counts as successful, but is not stored`);
  for (const name of failed ?? [])
    if (stored.get(name)) wrongs.push(`${name} counts as failed, but is stored`);
  // A look at stored items confirms no write.
  const identified = said
    .filter(({ request }) => !request.path.endsWith('/byids'))
    .flatMap(({ body }) => namesIn(body));
  for (const name of unknown ?? [])
    if (identified.includes(name))
      wrongs.push(`${name} counts as unknown, but the answer names it`);
  return wrongs;
}

/** The external ids that an answer to a write has. */
function namesIn(body: unknown): unknown[] {
  const { items } = (body ?? {}) as { items?: unknown };
  return Array.isArray(items)
    ? items.map((item) => (item as { externalId?: unknown } | null)?.externalId)
    : [];
}

/** The error of a single write says whether it can have been done. */
export function deliveryProblems(
  { delivery }: CdfError,
  stored: ReadonlyMap<string, boolean>,
): string[] {
  return delivery !== 'unknown' && [...stored.values()].includes(true)
    ? [`delivery is ${delivery}, but it is stored`]
    : [];
}

/** How many items of the first page no partition has. */
function lostOfFirst(said: Said): number {
  const idsIn = (pages: Said): unknown[] =>
    pages.flatMap(({ body }) =>
      (((body as { items?: unknown })?.items ?? []) as { id?: unknown }[]).map((item) => item?.id),
    );
  const lists = said.filter(({ request }) => request.path.endsWith('/list'));
  const first = idsIn(
    lists.filter(({ request }) => request.json?.partition === undefined).slice(0, 1),
  );
  const parts = new Set(
    idsIn(lists.filter(({ request }) => request.json?.partition !== undefined)),
  );
  return first.filter((id) => !parts.has(id)).length;
}

/** Results that are an answer as it is. */
const WHOLE: readonly Shape[] = [
  'inspect',
  'raw',
  'wirePage',
  'wireSteps',
  'wireWrite',
  'statistics',
];

/** The problems of a result that is not the honest one. */
function notSaid(
  { name, shape, isTarget, about: wanted, added, dropped }: Operation,
  value: unknown,
  said: Said,
): string[] {
  const targets = said.filter(({ request }) => isTarget(request));
  const isWhole = WHOLE.includes(shape);
  const about = wanted?.(targets) ?? targets;
  const problems = isWhole
    ? unsaidWhole(value, about, { added, dropped })
    : unsaid(value, about, said, dropped);
  return problems.map((problem) => `${name} ${problem}`);
}

/** Where two strings part. */
function difference(got: string, wanted: string): string {
  let at = 0;
  while (at < got.length && got[at] === wanted[at]) at++;
  return `${got.length} characters instead of ${wanted.length}: …${got.slice(Math.max(0, at - 60), at + 100)}…, not …${wanted.slice(at, at + 60)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error);
}
