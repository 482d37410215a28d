import { createEmulator, type Emulator } from '@cdf/emulator';
import { expect } from 'vitest';
import type { Json } from '../../helpers.js';
import { parseExact, stringifyExact } from '../exact-json.js';
import type { Answer } from '../naive/state.js';
import { isObject } from '../naive/state.js';
import { type NaiveModel, naiveModel } from '../naive-model.js';

/** Texts that the description of the service fixes. */
const FIXED = [
  /^One or more spaces do not exist/,
  /^One or more views do not exist: '[^']+:[^']+\/[^']+'/,
  /^Target container .* does not exist/,
  /^Invalid value for non-nullable property '[^']+'\. Value cannot be null\./,
  /^Invalid value for direct relation property '[^']+'\. The value must be a json object with space and externalId fields\./,
  /^Node with external id '[^']+' was referenced as the .+, but it does not exist\.$/,
  /^A version conflict caused the ingest to fail\./,
  /^Cannot traverse lists of direct relations inwards\./,
  /^Unexpected field - /,
  /^Property identifier cannot be one of the reserved values: \[/,
  /^Invalid value for list property/,
  /^Unknown property/,
  /^Backfill sort can only be used with two-phase sync\./,
  /^Property '[^']+' of type \S+ cannot be used in group by\. Supported types are/,
];

/** The naive model and an emulator, asked the same. */
export interface Pair {
  /** Asks both, compares the answers, and gives the naive model's. */
  readonly post: (path: string, body: Json, prepare?: (body: Json) => Json) => Promise<Answer>;
  readonly get: (path: string, prepare?: (body: Json) => Json) => Promise<Answer>;
  /** Asks both, with bodies that differ, such as in their cursors, and compares. */
  readonly both: (
    path: string,
    naive: Json,
    emulator: Json,
    prepare?: (body: Json) => Json,
  ) => Promise<Answer[]>;
  /** From now on a request may have several faults, and each side may name another of them. */
  readonly loosen: () => void;
  /** All that both were asked. */
  readonly asked: string[];
  readonly naive: NaiveModel;
  readonly emulator: (method: 'GET' | 'POST', path: string, body?: Json) => Promise<Answer>;
}

let shared: Emulator | undefined;

/**
 * A new naive model and an empty emulator: always the same one, since to make it takes longer than
 * most runs.
 */
export async function pair(): Promise<Pair> {
  const naive = naiveModel();
  shared ??= createEmulator();
  const emulator = shared;
  await emulator.reset();
  const ask = async (method: 'GET' | 'POST', path: string, body?: Json): Promise<Answer> => {
    const response = await emulator.fetch(
      `${emulator.url}/api/v1/projects/${emulator.project}/models/${path}`,
      {
        method,
        headers: { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/json' },
        body: body === undefined ? null : stringifyExact(body),
      },
    );
    return { status: response.status, body: parseExact(await response.text()) };
  };
  const asked: string[] = [];
  let isLoose = false;
  const compare = async (
    method: 'GET' | 'POST',
    path: string,
    bodies: readonly [Json, Json],
    prepare: (body: Json) => Json = (body) => body,
  ): Promise<Answer[]> => {
    const [left, right] = bodies.map((body) =>
      body === undefined ? undefined : stringifyExact(body),
    );
    asked.push(`${method} ${path} ${right ?? ''}`);
    const expected = naive.call(method, path, left === undefined ? undefined : parseExact(left));
    const found = await ask(method, path, bodies[1]);
    if (found.status === 501) return [expected, found];
    try {
      const texts = !isLoose && hasOneFault(bodies[0]);
      expect(plain(found, expected, prepare, texts)).toEqual(
        plain(expected, expected, prepare, texts),
      );
    } catch (error) {
      const message = stringifyExact(found.body?.error ?? '');
      throw new Error(`${asked.slice(-40).join('\n')}\n${message}\n${(error as Error).message}`, {
        cause: error,
      });
    }
    return [expected, found];
  };
  return {
    post: async (path, body, prepare) =>
      (await compare('POST', path, [body, body], prepare))[0] as Answer,
    get: async (path, prepare) =>
      (await compare('GET', path, [undefined, undefined], prepare))[0] as Answer,
    both: async (path, left, right, prepare) => await compare('POST', path, [left, right], prepare),
    loosen: () => {
      isLoose = true;
    },
    asked,
    naive,
    emulator: ask,
  };
}

/**
 * False if a request may have several faults. Each side may name another of them, so that status
 * and text are not compared.
 */
function hasOneFault(body: Json): boolean {
  if (!isObject(body)) return true;
  if (isObject(body.with)) return Object.keys(body.with).length === 1;
  const values = (body.items ?? []).flatMap((item: Json) =>
    (item.sources ?? []).flatMap(({ properties }: Json) => Object.keys(properties ?? {})),
  );
  const items: Json[] = body.items ?? [];
  // A type can be missing, and a version be old, beside a value that is wrong.
  const others = items
    .flatMap(({ type, existingVersion }) => [type, existingVersion])
    .filter((each) => each != null);
  if (values.length + others.length > 1 || items.length > 1) return false;
  return items.every(({ instanceType }) => instanceType !== 'edge');
}

/** An answer without what may differ: times, cursors, and texts that are free. */
function plain(
  { status, body }: Answer,
  expected: Answer,
  prepare: (body: Json) => Json,
  texts: boolean,
): Json {
  if (status === 400 || status === 409) {
    if (!texts) return 'refused';
    const message = String(expected.body?.error?.message ?? '');
    const form = FIXED.find((text) => text.test(message));
    return {
      status,
      code: body?.error?.code,
      isFixedText: form === undefined || form.test(body?.error?.message),
    };
  }
  return status === 200 ? { status, body: prepare(bare(body)) } : { status, body };
}

const TIMES = new Set(['createdTime', 'lastUpdatedTime', 'deletedTime']);

function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return typeof value === 'bigint' ? `${value}n` : value;
  const result: Json = {};
  for (const [key, part] of Object.entries(value)) {
    if (TIMES.has(key) && typeof part === 'number') result[key] = 'time';
    else if (key === 'nextCursor')
      result[key] = isObject(part) ? Object.keys(part).sort() : 'cursor';
    else if (key === 'properties' && isObject(part) && Object.keys(part).length === 0) continue;
    else result[key] = bare(part);
  }
  return result;
}

const byText = (left: Json, right: Json): number =>
  JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;

/** For answers whose order is free. */
export const unordered = (body: Json): Json => ({
  ...body,
  items: [...body.items].map(ordered).sort(byText),
});

/** Keys in one order, so that equal objects have equal text. */
export function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, part]) => [key, ordered(part)]),
  );
}

export const unorderedSteps = (body: Json): Json => ({
  ...body,
  items: Object.fromEntries(
    Object.entries<Json>(body.items).map(([name, items]) => [
      name,
      items.map(ordered).sort(byText),
    ]),
  ),
});
