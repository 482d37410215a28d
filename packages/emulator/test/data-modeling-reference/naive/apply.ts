import type { Json } from '../../helpers.js';
import { checkIdentity, checkReference, itemsOf, listOf } from './body.js';
import { removeInstances } from './delete.js';
import { checkImmutable, checkRequired, type Draft, draftRows } from './rows.js';
import {
  type Answer,
  type Instance,
  isObject,
  keyOf,
  needContainer,
  needSpaces,
  needView,
  needWritable,
  type Reference,
  referenceOf,
  refuse,
  type State,
  same,
  violation,
} from './state.js';
import { checkConstraints } from './unique.js';
import { usedFor } from './views.js';

/** Writes and deletes instances. The caller takes the state back if this refuses. */
export function applyInstances(state: State, body: Json): Answer {
  const items = itemsOf(body, 1000, 0);
  const removed = listOf(body.delete, 1000, 'delete');
  if (items.length + removed.length > 1000)
    violation('items and delete size must be between 0 and 1000');
  for (const item of [...items, ...removed]) checkIdentity(item);
  for (const item of items) checkItem(item);
  const keys = items.map(keyOf as (item: Json) => string);
  for (const [index, key] of keys.entries())
    if (keys.indexOf(key) !== index) refuse(`Items contain ${key} twice`);
  needSpaces(
    state,
    [...items, ...removed].map(({ space }) => space),
  );
  needWritable(
    state,
    [...items, ...removed].map(({ space }) => space),
  );
  for (const item of items)
    for (const { source } of item.sources ?? []) checkSource(state, source, item.instanceType);
  checkVersions(state, removed);
  const deleted = removeInstances(state, removed);
  const writer = new Writer(state, body);
  // All values of all items are checked before any version is.
  for (const item of items) {
    const before = state.instances.get(keyOf(item as Instance));
    if (before !== undefined) checkSame(before, item);
    draftRows(state, item, before, body.replace === true);
  }
  const answers = items.map((item) => writer.write(item));
  writer.finish();
  return { status: 200, body: { items: answers.map((answer) => answer()), deleted } };
}

function checkItem(item: Json): void {
  if (item.instanceType === 'edge')
    for (const name of ['type', 'startNode', 'endNode']) checkReference(item[name], name);
  else if (item.type !== undefined && item.type !== null) checkReference(item.type, 'type');
  if (item.sources === undefined || item.sources === null) return;
  if (listOf(item.sources, 100, 'sources').length === 0)
    violation('sources size must be between 1 and 100');
  for (const entry of item.sources) {
    if (!isObject(entry) || !isObject(entry.source)) violation('source must not be null');
    if (entry.properties !== undefined && entry.properties !== null && !isObject(entry.properties))
      violation('properties must be an object');
  }
}

/** A name stays with a node or an edge, and an edge keeps its type and its ends. */
function checkSame(before: Instance, item: Json): void {
  if (before.instanceType !== item.instanceType)
    refuse(
      `There is ${before.instanceType === 'edge' ? 'an edge' : 'a node'} named ${keyOf(item)}`,
    );
  if (item.instanceType === 'edge')
    for (const name of ['type', 'startNode', 'endNode'] as const)
      if (!same(before[name], referenceOf(item[name])))
        refuse(`${name} of an edge cannot be changed`);
}

function checkSource(state: State, source: Json, instanceType: string): void {
  const use =
    source.type === 'container'
      ? needContainer(state, source).usedFor
      : usedFor(state, needView(state, source));
  if (use !== 'all' && use !== instanceType)
    refuse(`A ${instanceType} cannot have data in ${keyOf(source)}`);
}

function checkVersions(state: State, items: readonly Json[]): void {
  for (const item of items)
    if (isConflict(state, item)) refuse('A version conflict caused the ingest to fail.', 409);
}

function isConflict(state: State, item: Json): boolean {
  const stored = state.instances.get(keyOf(item));
  return (
    typeof item.existingVersion === 'number' &&
    stored !== undefined &&
    stored.version > item.existingVersion
  );
}

/** The writes of one request; what depends on all of them is checked at the end. */
class Writer {
  readonly #state: State;
  readonly #body: Json;
  readonly #late: (() => void)[] = [];
  readonly #relations: {
    readonly target: Reference;
    readonly container?: Json;
    readonly mayCreate: boolean;
  }[] = [];

  constructor(state: State, body: Json) {
    this.#state = state;
    this.#body = body;
  }

  /** Writes one item, and gives its part of the answer once all is done. */
  write(item: Json): () => Json {
    const state = this.#state;
    const before = state.instances.get(keyOf(item));
    const isSkipped = isConflict(state, item);
    if (isSkipped && this.#body.skipOnVersionConflict !== true)
      refuse('A version conflict caused the ingest to fail.', 409);
    const draft = draftRows(state, item, before, this.#body.replace === true);
    if (isSkipped) return () => answerOf(before as Instance, false);
    for (const { target, container } of draft.relations)
      this.#relations.push({
        target,
        container,
        mayCreate: this.#body.autoCreateDirectRelations !== false,
      });
    const instance = before ?? bareInstance(state, item);
    const isChanged = this.#base(instance, item);
    const isData = this.#rows(instance, draft);
    state.instances.set(keyOf(item), instance);
    const wasModified = before === undefined || isChanged || isData;
    if (before !== undefined && wasModified) {
      instance.version += 1;
      instance.lastUpdatedTime = state.time;
      instance.change = state.next++;
    }
    return () => answerOf(instance, wasModified);
  }

  /** Type and ends. */
  #base(instance: Instance, item: Json): boolean {
    const relations = this.#relations;
    const old = instance.type;
    if (item.instanceType === 'edge') {
      const { autoCreateDirectRelations, autoCreateStartNodes, autoCreateEndNodes } = this.#body;
      for (const name of ['type', 'startNode', 'endNode'] as const) {
        const next = referenceOf(item[name]);
        instance[name] = next;
      }
      relations.push({ target: item.type, mayCreate: autoCreateDirectRelations !== false });
      relations.push({ target: item.startNode, mayCreate: autoCreateStartNodes === true });
      relations.push({ target: item.endNode, mayCreate: autoCreateEndNodes === true });
      return false;
    }
    if (item.type === null) delete instance.type;
    else if (item.type !== undefined) {
      instance.type = referenceOf(item.type);
      relations.push({
        target: item.type,
        mayCreate: this.#body.autoCreateDirectRelations !== false,
      });
    }
    return !same(old ?? null, instance.type ?? null);
  }

  #rows(instance: Instance, draft: Draft): boolean {
    let isChanged = false;
    for (const [key, row] of draft.rows) {
      const before = instance.rows.get(key);
      checkImmutable(this.#state, key, before, row);
      this.#late.push(() => checkRequired(this.#state, key, row));
      if (before === undefined || !same(Object.fromEntries(before), Object.fromEntries(row)))
        isChanged = true;
      instance.rows.set(key, row);
    }
    return isChanged;
  }

  /** Makes missing nodes, then checks rules about several instances. */
  finish(): void {
    const state = this.#state;
    const missing = new Map<string, Reference>();
    for (const { target, container, mayCreate } of this.#relations) {
      const found = state.instances.get(keyOf(target));
      if (container !== undefined) {
        if (found?.rows.has(keyOf(container)) !== true)
          refuse(`The target ${keyOf(target)} does not exist in the container ${keyOf(container)}`);
        continue;
      }
      if (found !== undefined) continue;
      // A node that two relations name is made only if both may make it: their order does not
      // matter.
      if (!mayCreate)
        refuse(
          `Node with external id '${target.externalId}' was referenced as the target of a direct relation, ` +
            'but it does not exist.',
        );
      missing.set(keyOf(target), target);
    }
    needSpaces(
      state,
      [...missing.values()].map(({ space }) => space),
    );
    for (const [key, target] of missing)
      state.instances.set(
        key,
        bareInstance(state, { instanceType: 'node', ...referenceOf(target) }),
      );
    for (const check of this.#late) check();
    checkConstraints(state);
  }
}

function bareInstance(state: State, { instanceType, space, externalId }: Json): Instance {
  const id = state.next++;
  const times = { createdTime: state.time, lastUpdatedTime: state.time };
  return { instanceType, space, externalId, id, change: id, version: 1, ...times, rows: new Map() };
}

function answerOf(instance: Instance, wasModified: boolean): Json {
  const { instanceType, version, space, externalId, createdTime, lastUpdatedTime } = instance;
  return { instanceType, version, wasModified, space, externalId, createdTime, lastUpdatedTime };
}
