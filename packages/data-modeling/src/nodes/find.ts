import { type CallOptions, ConfigError, type Page } from '@cdf/core';
import { Cursors, evenChunks } from '@cdf/core/resource';
import type { RelationPlan } from '../graph/follow.js';
import {
  descendants,
  MOST_PER_STEP,
  MOST_STEPS,
  type QueryContext,
  readTree,
  type Step,
  type StepItems,
} from '../graph/steps.js';
import type { NodeReference } from '../view/definition.js';
import { allOf, hasData, type WireFilter } from '../wire/filters.js';
import { InstanceReader, type WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { joinEdges, joinNamed, joinReverse, type Node, type NodesByName } from './find-joins.js';
import {
  addSteps,
  allBranches,
  type Branch,
  planFind,
  type Query,
  readOf,
  rootStep,
  type Steps,
  WHAT,
} from './find-plan.js';
import type { InstanceScope } from './instance-scope.js';
import { halvingOn408, isExact } from './instances.js';

const LABEL = 'POST /models/instances/query';
/** Parents that one filter names. */
const MOST_PARENTS = 1_000;

/** Gives pages of nodes with their relations. */
export type FindPages = (
  request: { readonly cursor?: string | undefined; readonly limit: number },
  options: CallOptions,
) => Promise<Page<object>>;

/** @throws {ConfigError} for a relation, condition or option that cannot be */
export function findPages(scope: InstanceScope, query: Query): FindPages {
  // Several uses of a listing may be on their way: relative times are those of each.
  const uses = new WeakMap<CallOptions, FindPages>();
  return (request, options) => {
    const pages = uses.get(options) ?? pagesOfUse(scope, query);
    uses.set(options, pages);
    return pages(request, options);
  };
}

function pagesOfUse(scope: InstanceScope, query: Query): FindPages {
  const root = planFind(scope, query);
  const finder = new Finder(scope, root);
  // A cursor belongs to the question with its limit: half as many would be another one, and the last
  // page may be longer than what is left. It carries the limit: several walks may be on their way.
  const page: FindPages = async ({ cursor, limit }, options) => {
    const [most, position] = cursor === undefined ? [limit, undefined] : parsed(cursor);
    const { items, nextCursor } = await finder.page(root, root.filter, position, most, options);
    return { items, nextCursor: nextCursor && JSON.stringify([most, nextCursor]) };
  };
  const first = halvingOn408(page);
  return (request, options) => (request.cursor === undefined ? first : page)(request, options);
}

function parsed(cursor: string): [limit: number, position: string] {
  return JSON.parse(cursor) as [number, string];
}

class Finder {
  readonly #scope: InstanceScope;
  readonly #context: QueryContext;
  /** Nodes as they came. */
  readonly #wire = new WeakMap<object, WireInstance>();

  constructor(scope: InstanceScope, root: Branch) {
    this.#scope = scope;
    const views = allBranches(root).flatMap(({ view, relation }) => [
      view,
      relation?.definition.edgeView?.() ?? [],
    ]);
    const isAnyExact = views.flat().some(isExact);
    this.#context = { transport: scope.transport, isExact: isAnyExact, now: Date.now() };
  }

  /** A page of a branch that others do not lead to. */
  async page(
    branch: Branch,
    filter: WireFilter | undefined,
    cursor: string | undefined,
    limit: number,
    options: CallOptions,
  ): Promise<Page<object>> {
    const steps = new Map<Branch, Steps>();
    const wire = { nodes: { filter: allOf([hasData(branch.view), filter]) }, sort: branch.sort };
    const root = rootStep(branch, wire);
    steps.set(branch, { nodes: root, edges: undefined });
    addSteps(branch, root, steps);
    const count = descendants(root).length;
    if (count > MOST_STEPS)
      throw new ConfigError(`${WHAT}: the query has ${count} steps, the API takes ${MOST_STEPS}`);
    const { items, nextCursor } = await readTree(this.#context, root, cursor, limit, options);
    const nodes = await this.#join(branch, steps, items, options);
    return { items: [...nodes.values()], nextCursor };
  }

  /** The nodes of a branch with what is read along, by name. */
  async #join(
    branch: Branch,
    steps: ReadonlyMap<Branch, Steps>,
    items: StepItems,
    options: CallOptions,
  ): Promise<Map<string, Node>> {
    const { nodes: step } = steps.get(branch) as Steps;
    const { view, relation, pick } = branch;
    const { times } = this.#scope;
    // Their methods may look at what was not picked.
    const prototype = relation || pick ? undefined : this.#scope.prototype;
    const reader = new InstanceReader(view, times, undefined, readOf(branch), prototype);
    const nodes = new Map<string, Node>();
    for (const [key, item] of items.get(step.name) ?? []) {
      const node = reader.read(item, LABEL) as Node;
      this.#wire.set(node, item);
      nodes.set(key, node);
    }
    // Relations replace the names that they were found by: those are read before.
    const joins: [string, Map<string, unknown>][] = [];
    for (const child of branch.branches) {
      const { name, isWalkable } = child.relation as RelationPlan;
      const joined = isWalkable
        ? await this.#joinWalked(child, steps, items, nodes, options)
        : await this.#joinPointing(child, nodes, options);
      joins.push([name, joined]);
    }
    for (const [name, joined] of joins)
      for (const [key, node] of nodes) {
        const value = joined.get(key);
        if (value === undefined) delete node[name];
        // A method of that name is not what was asked for.
        if (value !== undefined || name in node) node[name] = value;
      }
    return nodes;
  }

  /** Joins the nodes that the query has walked to. */
  async #joinWalked(
    child: Branch,
    steps: ReadonlyMap<Branch, Steps>,
    items: StepItems,
    parents: NodesByName,
    options: CallOptions,
  ): Promise<Map<string, unknown>> {
    const { definition } = child.relation as RelationPlan;
    const targets = await this.#join(child, steps, items, options);
    if (definition.kind === 'reverse') return joinReverse(child, targets, parents, this.#wire);
    if (definition.kind !== 'edges') return joinNamed(child, targets, parents);
    const { edges } = steps.get(child) as Steps;
    const walked = items.get((edges as Step).name)?.values() ?? [];
    return joinEdges(child, targets, parents, walked, this.#scope.times, LABEL);
  }

  /**
   * Nodes that point to their parents in a list of relations: the API does not walk there, so it is
   * asked who points at them.
   */
  async #joinPointing(
    child: Branch,
    parents: NodesByName,
    options: CallOptions,
  ): Promise<Map<string, unknown>> {
    const { definition, target } = child.relation as RelationPlan;
    const names = [...parents.values()].map(({ space, externalId }) => ({ space, externalId }));
    const property = [target.space, `${target.externalId}/${target.version}`, definition.through];
    const joined = new Map<string, unknown>();
    for (const indexes of evenChunks(names.length, MOST_PARENTS)) {
      const some = indexes.map((index) => names[index] as NodeReference);
      const filter = allOf([{ containsAny: { property, values: some } }, child.filter]);
      const found = new Map<string, Node>();
      const cursors = new Cursors(LABEL);
      for (let cursor: string | undefined, isLast = false; !isLast; isLast = cursor === undefined) {
        const page: Page<object> = await this.page(child, filter, cursor, MOST_PER_STEP, options);
        for (const node of page.items) found.set(referenceKey(node as NodeReference), node as Node);
        cursor = page.nextCursor && cursors.next(page.nextCursor, page.items.length);
      }
      const own = new Map(
        some.map((name) => [referenceKey(name), parents.get(referenceKey(name))]),
      );
      for (const [key, group] of joinReverse(child, found, own, this.#wire)) joined.set(key, group);
    }
    return joined;
  }
}
