import { ConfigError } from '@cdf/core';
import { farNodesStep, planRelation, type RelationPlan, relationStep } from '../graph/follow.js';
import { MOST_PER_STEP, type Step } from '../graph/steps.js';
import type { AnyView } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import type { WireFilter } from '../wire/filters.js';
import { toFilter } from '../wire/where.js';
import { checkOptions } from './check-options.js';
import type { InstanceScope } from './instance-scope.js';
import { scopedFilter, toSort } from './query.js';

// From the query of `find` to branches, and from branches to the steps that a request has.

export const WHAT = 'find nodes';
/** Relations inside one another: what is deeper is a circle. */
const DEEPEST = 20;

/** The query of `find`, not checked yet. */
export interface Query {
  readonly where?: unknown;
  readonly orderBy?: never;
  readonly with?: unknown;
  readonly limit?: number;
}

/** Nodes of a view, and the relations that are read along with them. */
export interface Branch {
  readonly view: AnyView;
  readonly filter: WireFilter | undefined;
  readonly sort: readonly object[] | undefined;
  /** Most nodes for each parent. */
  readonly limit: number;
  readonly relation: RelationPlan | undefined;
  readonly branches: readonly Branch[];
}

/** @throws {ConfigError} for a relation, condition or option that cannot be */
export function planFind(scope: InstanceScope, query: Query): Branch {
  checkOptions(query, ['where', 'orderBy', 'with', 'limit'], WHAT, propertiesOf(scope.view));
  return {
    view: scope.view,
    filter: scopedFilter(scope, query.where, WHAT),
    sort: toSort(scope, query.orderBy, WHAT),
    limit: Infinity,
    relation: undefined,
    branches: planBranches(scope.view, query.with, []),
  };
}

/** @param path the relations that lead to the nodes of the view */
function planBranches(view: AnyView, wanted: unknown, path: readonly string[]): Branch[] {
  if (wanted === undefined) return [];
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    throw new ConfigError(
      `${placeOf(path)} must be an object such as { asset: true }, got ${describe(wanted)}`,
    );
  if (path.length > DEEPEST)
    throw new ConfigError(`${WHAT}: more than ${DEEPEST} relations inside one another`);
  return Object.entries(wanted).flatMap(([name, given]): Branch[] => {
    if (given === undefined) return [];
    const inner = [...path, name];
    const what = placeOf(path, name);
    if (given === false)
      throw new ConfigError(
        `${what}: expected true or an object of options, got boolean false; leave it out to read none`,
      );
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
        branches: planBranches(relation.target, options.with, inner),
      },
    ];
  });
}

/** Where in the query a fault is: `with.pumps.with.sensors`. */
function placeOf(path: readonly string[], ...name: readonly string[]): string {
  return `${WHAT}: ${[...path.map((each) => `with.${each}`), ['with', ...name].join('.')].join('.')}`;
}

/** The branch, and those inside it. */
export function allBranches(branch: Branch): Branch[] {
  return [branch, ...branch.branches.flatMap(allBranches)];
}

/** The steps that a branch is read by. */
export interface Steps {
  readonly nodes: Step;
  readonly edges: Step | undefined;
}

/** Adds the steps of everything that can be walked to from a branch. */
export function addSteps(branch: Branch, from: Step, steps: Map<Branch, Steps>): void {
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

/** A step of its own, or one that follows another. */
export function makeStep(
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
