import { badRequest } from '../errors.js';
import type { CompiledSource } from '../schema/compiled-view.js';
import { instanceKey } from '../schema/keys.js';
import type { Schema } from '../schema/schema.js';
import { checkWritableSpaces } from '../schema/writer.js';
import { isConflict, versionConflict } from './conflict.js';
import { checkConstraints, checkRequires } from './constraints.js';
import { Counters } from './counters.js';
import { deleteInstances } from './delete.js';
import type { Entry, Row } from './entry.js';
import type { InstanceStore, NewEntry } from './instance-store.js';
import type { Planned } from './planned.js';
import { changedRow, rowChanges, sourceFinder } from './row-changes.js';
import { missingNodes } from './targets.js';
import type { ApplyBody, InstanceWrite } from './write-body.js';

/** The stores that an apply works on. */
export interface Models {
  readonly schema: Schema;
  readonly instances: InstanceStore;
}

/** The outcome of one item. */
export interface Applied {
  readonly entry: Entry;
  readonly wasModified: boolean;
}

export interface ApplyResult {
  readonly items: readonly Applied[];
  readonly deleted: readonly Entry[];
  /** Everything that changed, automatically made nodes and the deleted included. */
  readonly changed: readonly Entry[];
}

/**
 * Applies a request as a whole; a refused request leaves nothing behind, as it runs inside a
 * transaction.
 */
export function apply(models: Models, body: ApplyBody, now: number): ApplyResult {
  const { schema, instances } = models;
  const { items, replace = false, skipOnVersionConflict = false } = body;
  checkWritableSpaces(
    schema,
    [...items, ...(body.delete ?? [])].map(({ space }) => space),
  );
  const find = sourceFinder(schema);
  for (const { sources = [] } of items) for (const { source } of sources) find(source);
  const containerOf = (code: string): CompiledSource =>
    schema.containerOfCode(code) as CompiledSource;
  const counters = new Counters(instances);
  const planned = items.map((item): Planned | Entry => {
    const before = instances.get(instanceKey(item));
    checkIdentity(item, before);
    // A skipped item is checked as the others are, but nothing of it is written.
    const changes = rowChanges(item.sources ?? [], find, containerOf, item.instanceType);
    if (before !== undefined && isConflict(before, item)) {
      if (skipOnVersionConflict) return before;
      throw versionConflict();
    }
    const data: Record<string, Row> = { ...before?.data };
    for (const [code, change] of changes) {
      const row = changedRow(change, before?.data[code], {
        replace,
        next: (property) => counters.next(property),
      });
      data[code] = row;
      counters.see(change.container, row);
    }
    return {
      instanceType: item.instanceType,
      space: item.space,
      externalId: item.externalId,
      key: instanceKey(item),
      before,
      type: typeOf(item, before),
      start: item.startNode === undefined ? undefined : instanceKey(item.startNode),
      end: item.endNode === undefined ? undefined : instanceKey(item.endNode),
      data,
      touched: new Set(changes.keys()),
    };
  });
  const writes = planned.filter((each): each is Planned => 'touched' in each);
  const targets = missingNodes(models, writes, body);
  for (const each of writes) checkRequires(schema, each);
  const made = instances.create(targets.map((key) => bareNode(key, now)));
  const applied = write(instances, planned, now);
  const changed = applied.filter(({ wasModified }) => wasModified).map(({ entry }) => entry);
  checkConstraints(models, changed);
  const deleted = deleteInstances(models, body.delete ?? [], now, { skipOnVersionConflict });
  return { items: applied, deleted: deleted.named, changed: [...made, ...changed, ...deleted.all] };
}

function write(
  instances: InstanceStore,
  planned: readonly (Planned | Entry)[],
  now: number,
): Applied[] {
  const fresh = planned.filter(
    (each): each is Planned => 'touched' in each && each.before === undefined,
  );
  const created = instances.create(fresh.map((each) => newEntry(each, now)));
  const entryOf = new Map(fresh.map((each, index) => [each, created[index] as Entry]));
  return planned.map((each): Applied => {
    if (!('touched' in each)) return { entry: each, wasModified: false };
    const made = entryOf.get(each);
    if (made !== undefined) return { entry: made, wasModified: true };
    const entry = each.before as Entry;
    const isModified =
      each.type !== entry.type ||
      [...each.touched].some((code) => each.data[code] !== entry.data[code]);
    if (isModified)
      instances.update(entry, { type: each.type, data: each.data, lastUpdatedTime: now });
    return { entry, wasModified: isModified };
  });
}

function newEntry(
  { instanceType, space, externalId, type, start, end, data }: Planned,
  now: number,
): NewEntry {
  return {
    instanceType,
    space,
    externalId,
    type,
    start,
    end,
    data,
    createdTime: now,
    lastUpdatedTime: now,
  };
}

function bareNode(key: string, now: number): NewEntry {
  const colon = key.indexOf(':');
  return {
    instanceType: 'node',
    space: key.slice(0, colon),
    externalId: key.slice(colon + 1),
    type: undefined,
    start: undefined,
    end: undefined,
    data: {},
    createdTime: now,
    lastUpdatedTime: now,
  };
}

function typeOf(item: InstanceWrite, before: Entry | undefined): string | undefined {
  if (item.type === null) return undefined;
  return item.type === undefined ? before?.type : instanceKey(item.type);
}

/** An instance stays a node or an edge, and an edge stays where it is. */
function checkIdentity(item: InstanceWrite, before: Entry | undefined): void {
  if (before === undefined) return;
  if (before.instanceType !== item.instanceType)
    throw badRequest(
      `The instance '${before.key}' is an ${before.instanceType}, not an ${item.instanceType}.`,
    );
  if (item.instanceType === 'node') return;
  const ends = [item.startNode, item.endNode, item.type] as const;
  const same = [before.start, before.end, before.type];
  if (
    ends.some(
      (each, index) => each !== undefined && each !== null && instanceKey(each) !== same[index],
    )
  )
    throw badRequest(
      `The type, startNode and endNode of the edge '${before.key}' cannot be changed.`,
    );
}
