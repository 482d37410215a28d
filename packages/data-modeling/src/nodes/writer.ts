import { type CallOptions, type CdfError, ConfigError, NotFoundError } from '@cdf/core';
import {
  accountedError,
  type ChunkFailure,
  classifyFailure,
  concurrently,
  evenChunks,
  readPage,
  unexpected,
} from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { describe } from '../wire/describe.js';
import { laneLimit } from '../wire/lane-limit.js';
import { readEnds } from '../wire/read-ends.js';
import { readName, type WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { checkAll } from './check-all.js';
import { checkOptions, checkSwitches } from './check-options.js';
import { deleteInChunks } from './delete.js';
import { describeNames } from './describe-names.js';
import { checkCircles, dryRunOf } from './dry-run.js';
import { checkFirstUse } from './first-use.js';
import type { InstanceScope } from './instance-scope.js';
import { type EndsOf, ItemEncoder } from './item-encoder.js';
import { toNames } from './names.js';
import { orderOf, targetsAmong } from './order.js';
import { writeStream } from './stream.js';
import { Transactions, type WriteSettings } from './transactions.js';

const MOST_PER_REQUEST = 1_000;

interface Options {
  readonly replace?: boolean;
  readonly dependencies?: 'order' | 'autoCreate';
  readonly dryRun?: boolean;
  readonly checkVersions?: boolean;
}

interface Settings extends Options {
  readonly what: string;
  readonly isWhole: boolean;
  readonly isNew?: boolean;
}

/** Writes nodes or edges of one view. */
export class InstanceWriter {
  readonly #scope: InstanceScope;

  constructor(scope: InstanceScope) {
    this.#scope = scope;
  }

  async upsert(items: unknown, query: Options = {}, options: CallOptions = {}): Promise<object> {
    const what = `upsert ${this.#scope.instance}s`;
    checkOptions(query, ['replace', 'dependencies', 'dryRun', 'checkVersions'], what);
    checkSwitches(query, ['replace', 'dryRun', 'checkVersions'], what);
    const many = isIterable(items) ? items : [items];
    return this.#write(many, { what, isWhole: query.replace === true, ...query }, options);
  }

  async create(items: unknown, query: Options = {}, options: CallOptions = {}): Promise<object> {
    const what = `create ${this.#scope.instance}s`;
    checkOptions(query, ['dependencies', 'dryRun'], what);
    checkSwitches(query, ['dryRun'], what);
    const many = isIterable(items) ? items : [items];
    return this.#write(many, { what, isWhole: true, isNew: true, ...query }, options);
  }

  async update(items: unknown, query: Options = {}, options: CallOptions = {}): Promise<object> {
    const what = `update ${this.#scope.instance}s`;
    checkOptions(query, ['checkVersions', 'dryRun'], what);
    checkSwitches(query, ['checkVersions', 'dryRun'], what);
    // A copy: what is added while the items are looked up was not looked up.
    const many: readonly unknown[] = Array.isArray(items) ? [...items] : [items];
    const names = toNames(this.#scope, many, what);
    const settings = { what, isWhole: false, ...query };
    checkAll(many, new ItemEncoder(this.#scope, settings, endsAsGiven), what);
    const unsent = { successful: [], unknown: [], failed: many, notAttempted: many };
    const found = await this.#found(names, options).catch((error) => {
      throw unsentError(what, many, error, options.signal);
    });
    const missing = missingOf(names, found);
    if (missing.length > 0)
      throw new NotFoundError(`${what}: ${missing.length} not found (${describeNames(missing)})`, {
        status: 400,
        missing: missing.map((instanceId) => ({ instanceId })),
        ...unsent,
      });
    return this.#write(many, { ...settings, found }, options);
  }

  async delete(given: unknown, options: CallOptions = {}): Promise<object[]> {
    const { transport, instance } = this.#scope;
    const what = `delete ${instance}s`;
    const names = toNames(this.#scope, Array.isArray(given) ? given : [given], what);
    return deleteInChunks(transport, instance, names, what, options);
  }

  async #write(
    items: unknown,
    settings: Settings & {
      /** What is to be changed, as it is. */
      readonly found?: ReadonlyMap<string, WireInstance>;
    },
    options: CallOptions,
  ): Promise<object> {
    const { what, isNew = false, dependencies = 'autoCreate', dryRun = false } = settings;
    if (!isIterable(items))
      throw new ConfigError(
        `${what}: expected an array or an iterable of items, got ${describe(items)}`,
      );
    if (dependencies !== 'autoCreate' && dependencies !== 'order')
      throw new ConfigError(
        `${what}: dependencies must be 'autoCreate' or 'order', got ${describe(dependencies)}`,
      );
    const { found } = settings;
    // The API takes an edge with its ends only.
    const endsOf: EndsOf = (_, name) => {
      const ends = found?.get(referenceKey(name));
      // It would be created.
      if (found !== undefined && ends === undefined)
        throw new ConfigError(
          `${what}: ${describeNames([name])} was not looked up; leave items as they are until they are written`,
        );
      return ends;
    };
    const encoder = new ItemEncoder(this.#scope, settings, endsOf);
    // Items at hand are checked before anything is sent. Others come one by one, in any number,
    // unless all of them are needed at first.
    const isAtHand = Array.isArray(items) || items instanceof Set;
    const isWhole = dependencies === 'order' || dryRun;
    const given =
      Symbol.asyncIterator in items || !(isAtHand || isWhole) ? undefined : collect(items, what);
    if (given !== undefined) checkAll(given, encoder, what);
    else if (isWhole)
      throw new ConfigError(
        `${what}: ${dryRun ? 'dryRun' : 'an order of dependencies'} needs an array, not a stream`,
      );
    const mayMake =
      dependencies === 'autoCreate' &&
      (isNew || settings.checkVersions === true) &&
      this.#scope.instance === 'node' &&
      encoder.hasReferences;
    const isOrdered = dependencies === 'order' || (mayMake && isNew);
    const write: WriteSettings = {
      what,
      isNew,
      notesTargets: mayMake && (given === undefined || !isOrdered),
      replace: settings.replace === true,
      autoCreate: dependencies === 'autoCreate',
      parallel: dependencies === 'order' ? 1 : undefined,
    };
    const transactions = new Transactions(this.#scope, write, encoder, options);
    if (given?.length !== 0) await checkFirstUse(this.#scope, options);
    if (given === undefined)
      return writeStream(transactions, items, options, this.#scope.transport.closing);
    if (!isOrdered && !dryRun) return transactions.all(given);
    const names = readUnsent(what, given, () =>
      given.map((item, index) =>
        isWhole ? encoder.check(item, index) : encoder.name(item, index),
      ),
    );
    const targets = (place: number): NodeReference[] => encoder.references(given[place], place);
    if (dryRun) {
      const others =
        dependencies === 'order' &&
        readUnsent(what, given, () => given.flatMap((_, place) => targets(place)));
      try {
        const there = found ?? (await this.#found(names, options));
        const counts = dryRunOf(names, there, isNew, what, this.#scope.instance);
        if (others) {
          if (this.#scope.instance === 'node')
            checkCircles(names, targets, there, { what, most: MOST_PER_REQUEST });
          await this.#checkTargets(names, others, what, options);
        }
        return counts;
      } catch (error) {
        throw unsentError(what, given, error, options.signal);
      }
    }
    const among = readUnsent(what, given, () => targetsAmong(names, targets));
    return transactions.all(given, among && orderOf(among, MOST_PER_REQUEST));
  }

  /** @throws {NotFoundError} for nodes that are neither there nor among those to be written */
  async #checkTargets(
    names: readonly NodeReference[],
    targets: readonly NodeReference[],
    what: string,
    options: CallOptions,
  ): Promise<void> {
    const others = new Map(targets.map((name) => [referenceKey(name), name]));
    if (this.#scope.instance === 'node')
      for (const name of names) others.delete(referenceKey(name));
    const asked = [...others.values()];
    const missing = missingOf(asked, await this.#found(asked, options, 'node'));
    if (missing.length > 0)
      throw new NotFoundError(
        `${what}: ${missing.length} that items refer to not found (${describeNames(missing)}); write them too, or leave out dependencies: 'order'`,
        { status: 400, missing: missing.map((instanceId) => ({ instanceId })) },
      );
  }

  /** Those nodes or edges of some names that exist. A request per 1,000. */
  async #found(
    names: readonly NodeReference[],
    options: CallOptions,
    instance = this.#scope.instance,
  ): Promise<Map<string, WireInstance>> {
    const { transport } = this.#scope;
    const found = new Map<string, WireInstance>();
    const ask = async (indexes: readonly number[], signal: AbortSignal): Promise<void> => {
      const items = indexes.map((index) => {
        const { space, externalId } = names[index] as NodeReference;
        return { instanceType: instance, space, externalId };
      });
      const request = {
        path: '/instances/byids',
        body: { items },
        lane: 'query',
        idempotent: true,
      } as const;
      const label = 'POST /models/instances/byids';
      const answer = readPage<object>(
        await send(transport, request, { ...options, signal }),
        label,
      );
      const asked = new Set(items.map(referenceKey));
      for (const item of answer.items) {
        const read = readName(item, label);
        const key = referenceKey(read);
        if (!asked.has(key)) throw unexpected(label, 'an item was not asked for');
        // An edge that is changed is written with its ends.
        if (instance === 'edge') readEnds(read, {}, label);
        found.set(key, read);
      }
    };
    const chunks = evenChunks(names.length, MOST_PER_REQUEST);
    const limit = await laneLimit(transport, 'query', chunks.length, options);
    await concurrently(chunks, ask, { limit, signal: options.signal });
    return found;
  }
}

/** The items of an iterable. @throws {CdfError} with those that it gave before it failed */
function collect(items: Iterable<unknown>, what: string): unknown[] {
  const given: unknown[] = [];
  try {
    for (const item of items) given.push(item);
  } catch (error) {
    throw unsentError(what, given, error, undefined, { reason: { cause: error } });
  }
  return given;
}

/** Reads items of which nothing was sent: one may have become wrong since it was checked. */
function readUnsent<T>(what: string, items: readonly unknown[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unsentError(what, items, error);
  }
}

/** The error of a write that has sent nothing, with the account of its items. */
function unsentError(
  what: string,
  items: readonly unknown[],
  error: unknown,
  signal?: AbortSignal,
  changes?: Pick<ChunkFailure, 'reason'>,
): CdfError {
  const outcomes = items.map(() => 'notAttempted' as const);
  const failure = { ...classifyFailure(error, false, signal), ...changes };
  return accountedError(what, items, outcomes, [failure]);
}

const UNKNOWN: NodeReference = { space: '', externalId: '' };

/** Ends that are not known yet: an item may name any. */
function endsAsGiven(item: Parameters<EndsOf>[0]): ReturnType<EndsOf> {
  const { type, startNode, endNode } = item;
  const as = (end: unknown): NodeReference => (end ?? UNKNOWN) as NodeReference;
  return { type: as(type), startNode: as(startNode), endNode: as(endNode) };
}

/** The names of what does not exist. */
function missingOf(
  names: readonly NodeReference[],
  found: ReadonlyMap<string, unknown>,
): NodeReference[] {
  return names
    .filter((name) => !found.has(referenceKey(name)))
    .map(({ space, externalId }) => ({ space, externalId }));
}

function isIterable(items: unknown): items is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof items === 'object' &&
    items !== null &&
    (Symbol.iterator in items || Symbol.asyncIterator in items)
  );
}
