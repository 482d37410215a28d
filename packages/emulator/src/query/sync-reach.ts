import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { Schema } from '../schema/schema.js';
import { type Condition, EVERYTHING } from './condition.js';
import { compileFilter } from './filter.js';
import { matching } from './pages.js';
import type { FilterContext } from './property-reference.js';
import type { EdgesStep, NodesStep, QueryBody } from './query-body.js';
import { farEnd, nearEnd, throughProperty } from './walk.js';

/** An instance, and the number of the change by which it came to be in a step, or changed in it. */
export interface Reached {
  readonly entry: Entry;
  readonly at: number;
}

type FollowedStep = NodesStep | EdgesStep;

/**
 * The instances that the steps of a sync hold, the deleted included. An instance of a step that
 * depends on another counts as changed when it changes, or when an instance that leads to it does:
 * no instance that becomes reachable is missed.
 */
export class Reach {
  readonly #query: QueryBody;
  readonly #schema: Schema;
  readonly #instances: InstanceStore;
  readonly #conditions = new Map<string, Condition>();

  constructor(query: QueryBody, schema: Schema, instances: InstanceStore) {
    this.#query = query;
    this.#schema = schema;
    this.#instances = instances;
  }

  /** Refuses a step that cannot be followed. */
  check(name: string): void {
    const step = this.#step(name);
    const { from } = bodyOf(step);
    if (step.backfillSort !== undefined && step.mode !== 'twoPhase')
      throw badRequest('Backfill sort can only be used with two-phase sync.');
    this.#condition(name);
    if (from === undefined) return;
    const parent = this.#step(from);
    if (bodyOf(parent).from !== undefined)
      throw badRequest(
        `'${name}' depends on '${from}', which depends on another: a sync follows direct dependents only.`,
      );
    if (!('nodes' in step) || !('nodes' in parent)) return;
    if (step.nodes.through === undefined)
      throw badRequest(`Nodes from the nodes of '${from}' need 'through'.`);
    const { property } = throughProperty(this.#schema, step.nodes.through);
    if (property.type.list === true && (step.nodes.direction ?? 'inwards') === 'inwards')
      throw badRequest('Cannot traverse lists of direct relations inwards.');
  }

  /** The living instances of a step. */
  *living(name: string): Generator<Entry> {
    const step = this.#step(name);
    if (bodyOf(step).from !== undefined) {
      for (const { entry } of this.changesAfter(name, 0))
        if (entry.deletedTime === undefined) yield entry;
      return;
    }
    const condition = this.#condition(name);
    yield* matching(this.#instances, 'nodes' in step ? 'node' : 'edge', condition);
  }

  /**
   * Changes in a step after a number, or at that number after an instance, in the order of change.
   */
  changesAfter(
    name: string,
    after: number,
    seq: number = Number.POSITIVE_INFINITY,
  ): Iterable<Reached> {
    const step = this.#step(name);
    return bodyOf(step).from === undefined
      ? this.#rootChanges(name, step, after)
      : this.#dependents(name, step, after, seq);
  }

  *#rootChanges(name: string, step: FollowedStep, after: number): Generator<Reached> {
    const instanceType = 'nodes' in step ? 'node' : 'edge';
    const { test } = this.#condition(name);
    for (const entry of this.#instances.changes.after(after))
      if (entry.instanceType === instanceType && test(entry)) yield { entry, at: entry.change };
  }

  #dependents(name: string, step: FollowedStep, after: number, seq: number): Reached[] {
    const { test } = this.#condition(name);
    const found = new Map<Entry, number>();
    const reach = (entry: Entry | undefined, by: number): void => {
      if (entry === undefined || !test(entry)) return;
      found.set(entry, Math.max(found.get(entry) ?? 0, entry.change, by));
    };
    const all = [...this.#instances.changes.after(0)];
    if ('edges' in step) this.#reachedEdges(step, all, reach);
    else this.#reachedNodes(step, all, reach);
    return [...found]
      .map(([entry, at]) => ({ entry, at }))
      .filter(({ entry, at }) => at > after || (at === after && entry.seq > seq))
      .sort((left, right) => left.at - right.at || left.entry.seq - right.entry.seq);
  }

  /** Edges at the nodes of the step before; of longer walks as well. */
  #reachedEdges(
    step: EdgesStep,
    all: readonly Entry[],
    reach: (entry: Entry, by: number) => void,
  ): void {
    const {
      direction = 'outwards',
      maxDistance = Number.POSITIVE_INFINITY,
      from = '',
    } = step.edges;
    const edges = all.filter(({ instanceType }) => instanceType === 'edge');
    let frontier = new Map<string, number>();
    for (const { entry, at } of this.#parents(from)) {
      const parent = this.#step(from);
      frontier.set(
        'nodes' in parent ? entry.key : farEnd(entry, parent.edges.direction ?? 'outwards'),
        at,
      );
    }
    const visited = new Set<string>();
    for (let distance = 1; distance <= maxDistance && frontier.size > 0; distance += 1) {
      const next = new Map<string, number>();
      for (const edge of edges) {
        const by = frontier.get(nearEnd(edge, direction));
        if (by === undefined) continue;
        reach(edge, by);
        const far = farEnd(edge, direction);
        if (!visited.has(far)) next.set(far, Math.max(by, edge.change));
      }
      for (const key of frontier.keys()) visited.add(key);
      frontier = new Map([...next].filter(([key]) => !visited.has(key)));
    }
  }

  #reachedNodes(
    { nodes }: NodesStep,
    all: readonly Entry[],
    reach: (entry: Entry | undefined, by: number) => void,
  ): void {
    const { from = '', through, chainTo = 'destination', direction = 'inwards' } = nodes;
    const parent = this.#step(from);
    const byKey = new Map<string, Entry>();
    for (const entry of all) if (entry.instanceType === 'node') byKey.set(entry.key, entry);
    if ('edges' in parent) {
      const endOf = chainTo === 'destination' ? farEnd : nearEnd;
      for (const { entry, at } of this.#parents(from))
        reach(byKey.get(endOf(entry, parent.edges.direction ?? 'outwards')), at);
      return;
    }
    if (through === undefined) return;
    const { code, identifier } = throughProperty(this.#schema, through);
    const parents = new Map(
      [...this.#parents(from)].map(({ entry, at }) => [entry.key, { entry, at }]),
    );
    if (direction === 'outwards') {
      for (const { entry, at } of parents.values())
        for (const key of keysOf(entry.data[code]?.[identifier])) reach(byKey.get(key), at);
      return;
    }
    for (const entry of byKey.values())
      for (const key of keysOf(entry.data[code]?.[identifier])) {
        const found = parents.get(key);
        if (found !== undefined) reach(entry, found.at);
      }
  }

  /**
   * The instances of the step before, the deleted included: instances that they led to are deleted
   * or change with them.
   */
  #parents(name: string): Iterable<Reached> {
    return this.#rootChanges(name, this.#step(name), 0);
  }

  #condition(name: string): Condition {
    let condition = this.#conditions.get(name);
    if (condition === undefined) {
      condition = this.#compile(this.#step(name));
      this.#conditions.set(name, condition);
    }
    return condition;
  }

  #compile(step: FollowedStep): Condition {
    const context = (instanceType: 'node' | 'edge'): FilterContext => ({
      schema: this.#schema,
      instances: this.#instances,
      instanceType,
      parameters: this.#query.parameters,
    });
    if ('nodes' in step) return compileFilter(step.nodes.filter, context('node'));
    const edge = compileFilter(step.edges.filter, context('edge'));
    const { nodeFilter, direction = 'outwards' } = step.edges;
    if (nodeFilter === undefined) return edge;
    const node = nodeFilter === undefined ? EVERYTHING : compileFilter(nodeFilter, context('node'));
    return {
      test: (entry) => {
        const far = this.#instances.get(farEnd(entry, direction));
        return (
          edge.test(entry) &&
          (entry.deletedTime !== undefined || (far !== undefined && node.test(far)))
        );
      },
    };
  }

  #step(name: string): FollowedStep {
    const step = this.#query.with.get(name);
    if (step === undefined || 'operation' in step)
      throw badRequest(`Unknown result set expression '${name}': it is not in 'with'.`);
    return step;
  }
}

function bodyOf(step: FollowedStep): { readonly from?: string | undefined } {
  return 'nodes' in step ? step.nodes : step.edges;
}

function keysOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [value as string];
}
