import { type CallOptions, ConfigError, type Page } from '@cdf/core';
import { Cursors, evenChunks } from '@cdf/core/resource';
import { farNodesStep, planRelation, type RelationPlan, relationStep } from '../graph/follow.js';
import {
  descendants,
  MOST_PER_STEP,
  MOST_STEPS,
  type QueryContext,
  readTree,
  type Step,
  type StepItems,
} from '../graph/steps.js';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { readEnds } from '../wire/read-ends.js';
import { InstanceReader, type WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { allOf, hasData, toFilter, type WireFilter } from '../wire/where.js';
import { checkOptions } from './check-options.js';
import type { InstanceScope } from './instance-scope.js';
import { halvingOn408, isExact } from './instances.js';
import { scopedFilter, toSort } from './query.js';

const WHAT = 'find nodes';
const LABEL = 'POST /models/instances/query';
/** Parents that one filter names. */
const MOST_PARENTS = 1_000;
/** Relations inside one another: what is deeper is a circle. */
const DEEPEST = 20;

/** Gives pages of nodes with their relations. */
export type FindPages = (
  request: { readonly cursor?: string | undefined; readonly limit: number },
  options: CallOptions,
) => Promise<Page<object>>;

interface Query {
  readonly where?: unknown;
  readonly orderBy?: never;
  readonly with?: unknown;
  readonly limit?: number;
}

/** Nodes of a view, and the relations that are read along with them. */
interface Branch {
  readonly view: AnyView;
  readonly filter: WireFilter | undefined;
  readonly sort: readonly object[] | undefined;
  /** Most nodes for each parent. */
  readonly limit: number;
  readonly relation: RelationPlan | undefined;
  readonly branches: readonly Branch[];
}

/** @throws {ConfigError} for a relation, condition or option that cannot be */
export function findPages(scope: InstanceScope, query: Query): FindPages {
  checkOptions(query, ['where', 'orderBy', 'with', 'limit'], WHAT);
  const root: Branch = {
    view: scope.view,
    filter: scopedFilter(scope, query.where, WHAT),
    sort: toSort(scope, query.orderBy, WHAT),
    limit: Infinity,
    relation: undefined,
    branches: planBranches(scope.view, query.with, 0),
  };
  const finder = new Finder(scope, root);
  // A cursor belongs to the question with its limit: the last page may be longer than what is left.
  let most = 0;
  return halvingOn408(
    ({ cursor, limit }, options) => {
      most = cursor === undefined ? limit : Math.max(limit, most);
      return finder.page(root, root.filter, cursor, most, options);
    },
    // Half as many would be another question.
    ({ cursor }) => cursor === undefined,
  );
}

function planBranches(view: AnyView, wanted: unknown, depth: number): Branch[] {
  if (wanted === undefined) return [];
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    throw new ConfigError(
      `${WHAT}: with must be an object such as { asset: true }, got ${describe(wanted)}`,
    );
  if (depth > DEEPEST)
    throw new ConfigError(`${WHAT}: more than ${DEEPEST} relations inside one another`);
  return Object.entries(wanted).flatMap(([name, given]): Branch[] => {
    if (given === undefined) return [];
    const what = `${WHAT}: with.${name}`;
    const options = (given === true ? {} : given) as Query;
    checkOptions(options, ['with', 'where', 'orderBy', 'limit'], what);
    const { limit = Infinity } = options;
    if (limit !== Infinity && (!Number.isInteger(limit) || limit < 1))
      throw new ConfigError(
        `${what}: limit must be a whole number of at least 1, got ${describe(limit)}`,
      );
    const relation = planRelation(view, name, what);
    if (relation.definition.edgeView && propertiesOf(relation.target).has('edge'))
      throw new ConfigError(
        `${what}: ${viewKey(relation.target)} has a property "edge", where find puts the edge; read the edges with edges()`,
      );
    return [
      {
        view: relation.target,
        filter: toFilter(relation.target, options.where, what),
        sort: toSort({ view: relation.target, instance: 'node' }, options.orderBy, what),
        limit,
        relation,
        branches: planBranches(relation.target, options.with, depth + 1),
      },
    ];
  });
}

/** The steps that a branch is read by. */
interface Steps {
  readonly nodes: Step;
  readonly edges: Step | undefined;
}

class Finder {
  readonly #scope: InstanceScope;
  readonly #context: QueryContext;
  /** Nodes as they came. */
  readonly #wire = new WeakMap<object, WireInstance>();

  constructor(scope: InstanceScope, root: Branch) {
    this.#scope = scope;
    this.#context = {
      transport: scope.transport,
      isExact: allBranches(root).some(({ view }) => isExact(view)),
    };
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
    const root = makeStep('s0', undefined, wire, branch.view);
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
  ): Promise<Map<string, Record<string, unknown>>> {
    const { nodes: step } = steps.get(branch) as Steps;
    const prototype = branch.relation === undefined ? this.#scope.prototype : undefined;
    const reader = new InstanceReader(
      branch.view,
      this.#scope.times,
      undefined,
      undefined,
      prototype,
    );
    const nodes = new Map<string, Record<string, unknown>>();
    for (const [key, item] of items.get(step.name) ?? []) {
      const node = reader.read(item, LABEL) as Record<string, unknown>;
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
        else node[name] = value;
      }
    return nodes;
  }

  /** Joins the nodes that the query has walked to. */
  async #joinWalked(
    child: Branch,
    steps: ReadonlyMap<Branch, Steps>,
    items: StepItems,
    parents: ReadonlyMap<string, Record<string, unknown>>,
    options: CallOptions,
  ): Promise<Map<string, unknown>> {
    const { name, definition } = child.relation as RelationPlan;
    const targets = await this.#join(child, steps, items, options);
    if (definition.kind === 'reverse')
      return single(definition, this.#grouped(child, targets, parents));
    if (definition.kind === 'edges')
      return single(definition, this.#joinEdges(child, targets, parents, items, steps));
    const joined = new Map<string, unknown>();
    const place = rankOf(targets);
    const rank = (target: unknown): number => place(target as object);
    for (const [key, parent] of parents) {
      const named = parent[name] as NodeReference | readonly NodeReference[] | undefined;
      if (!definition.list) {
        const target = named && targets.get(referenceKey(named as NodeReference));
        if (target !== undefined) joined.set(key, target);
        continue;
      }
      const found = ((named ?? []) as readonly NodeReference[]).flatMap(
        (each) => targets.get(referenceKey(each)) ?? [],
      );
      joined.set(key, cut(child, found, rank));
    }
    return joined;
  }

  /** Nodes that point to their parents, in the order in which they came. */
  #grouped(
    child: Branch,
    targets: ReadonlyMap<string, Record<string, unknown>>,
    parents: ReadonlyMap<string, unknown>,
  ): Map<string, unknown> {
    const { definition, target } = child.relation as RelationPlan;
    const joined = new Map<string, object[]>([...parents.keys()].map((key) => [key, []]));
    for (const node of targets.values()) {
      // As it came: what is read along may have taken the place of the name.
      const values =
        this.#wire.get(node)?.properties?.[target.space]?.[
          `${target.externalId}/${target.version}`
        ];
      const pointing = [values?.[definition.through as string]].flat() as (
        | NodeReference
        | undefined
      )[];
      for (const name of pointing) {
        const group = name && joined.get(referenceKey(name));
        if (group !== undefined && group.length < child.limit && group.at(-1) !== node)
          group.push(node);
      }
    }
    return joined;
  }

  #joinEdges(
    child: Branch,
    targets: ReadonlyMap<string, Record<string, unknown>>,
    parents: ReadonlyMap<string, unknown>,
    items: StepItems,
    steps: ReadonlyMap<Branch, Steps>,
  ): Map<string, unknown> {
    const { definition } = child.relation as RelationPlan;
    const { edges } = steps.get(child) as Steps;
    const reader = edges?.view && new InstanceReader(edges.view, this.#scope.times, readEnds);
    const joined = new Map<string, Ranked[]>([...parents.keys()].map((key) => [key, []]));
    for (const edge of items.get((edges as Step).name)?.values() ?? []) {
      const outwards = definition.direction !== 'inwards';
      const [near, far] = outwards
        ? [edge.startNode, edge.endNode]
        : [edge.endNode, edge.startNode];
      const group = near && joined.get(referenceKey(near));
      const target = far && targets.get(referenceKey(far));
      if (group !== undefined && target !== undefined) group.push({ target, edge });
    }
    const rank = rankOf(targets);
    const give = ({ target, edge }: Ranked): object =>
      reader === undefined ? target : { ...target, edge: reader.read(edge, LABEL) };
    return new Map(
      [...joined].map(([key, group]) => [
        key,
        cut(child, group, (each) => rank(each.target)).map(give),
      ]),
    );
  }

  /**
   * Nodes that point to their parents in a list of relations: the API does not walk there, so it is
   * asked who points at them.
   */
  async #joinPointing(
    child: Branch,
    parents: ReadonlyMap<string, Record<string, unknown>>,
    options: CallOptions,
  ): Promise<Map<string, unknown>> {
    const { definition, target } = child.relation as RelationPlan;
    const names = [...parents.values()].map(({ space, externalId }) => ({ space, externalId }));
    const property = [target.space, `${target.externalId}/${target.version}`, definition.through];
    const joined = new Map<string, unknown>();
    for (const indexes of evenChunks(names.length, MOST_PARENTS)) {
      const some = indexes.map((index) => names[index] as NodeReference);
      const filter = allOf([{ containsAny: { property, values: some } }, child.filter]);
      const found = new Map<string, Record<string, unknown>>();
      const cursors = new Cursors(LABEL);
      for (let cursor: string | undefined, isLast = false; !isLast; isLast = cursor === undefined) {
        const page: Page<object> = await this.page(child, filter, cursor, MOST_PER_STEP, options);
        for (const node of page.items)
          found.set(referenceKey(node as NodeReference), node as Record<string, unknown>);
        cursor = page.nextCursor && cursors.next(page.nextCursor, page.items.length);
      }
      const own = new Map(
        some.map((name) => [referenceKey(name), parents.get(referenceKey(name))]),
      );
      for (const [key, group] of this.#grouped(child, found, own)) joined.set(key, group);
    }
    return single(definition, joined);
  }
}

/** A node on the other side of an edge. */
interface Ranked {
  readonly target: object;
  readonly edge: WireInstance;
}

/** The place of each node in the order of the step, which the API has sorted. */
function rankOf(targets: ReadonlyMap<string, object>): (target: object) => number {
  const places = new Map([...targets.values()].map((target, index) => [target, index]));
  return (target) => places.get(target) ?? 0;
}

/** As many of a group as are wanted, in the order that is wanted, else in that of the relation. */
function cut<T>({ sort, limit }: Branch, group: readonly T[], rank: (each: T) => number): T[] {
  const sorted = [...group];
  if (sort !== undefined) sorted.sort((left, right) => rank(left) - rank(right));
  return sorted.slice(0, limit);
}

/** The node itself, for a relation to at most one. */
function single({ list }: PropertyDefinition, groups: Map<string, unknown>): Map<string, unknown> {
  if (list) return groups;
  return new Map([...groups].map(([key, group]) => [key, (group as readonly unknown[])[0]]));
}

function allBranches(branch: Branch): Branch[] {
  return [branch, ...branch.branches.flatMap(allBranches)];
}

/** Adds the steps of everything that can be walked to from a branch. */
function addSteps(branch: Branch, from: Step, steps: Map<Branch, Steps>): void {
  for (const child of branch.branches) {
    const relation = child.relation as RelationPlan;
    if (!relation.isWalkable) continue;
    const { step, isEdges } = relationStep(branch.view, relation, from.name, child.filter);
    const sort = isEdges ? {} : { sort: child.sort };
    const view = isEdges ? relation.definition.edgeView?.() : child.view;
    const first = makeStep(nextName(steps), from, { ...step, ...sort }, view);
    const edges = isEdges ? first : undefined;
    let nodes = first;
    if (isEdges) {
      steps.set(child, { nodes: first, edges });
      const far = farNodesStep(child.view, first.name, child.filter);
      nodes = makeStep(`${first.name}n`, first, { ...far, sort: child.sort }, child.view);
    }
    steps.set(child, { nodes, edges });
    addSteps(child, nodes, steps);
  }
}

function nextName(steps: ReadonlyMap<Branch, Steps>): string {
  return `s${steps.size}`;
}

function makeStep(
  name: string,
  parent: Step | undefined,
  wire: Readonly<Record<string, unknown>>,
  view: AnyView | undefined,
): Step {
  const step: Step = {
    name,
    parent,
    children: [],
    wire,
    limit: MOST_PER_STEP,
    view,
    properties: undefined,
  };
  parent?.children.push(step);
  return step;
}
