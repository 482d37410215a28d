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
import { pickedProperties, storedNames } from './picked-properties.js';
import { scopedFilter, toSort } from './query.js';

// From the query of `find` to branches, and from branches to the steps that a request has.

export const WHAT = 'find nodes';
const OPTIONS = ['where', 'orderBy', 'with', 'pick'];
/** Relations inside one another: what is deeper is a circle. */
const DEEPEST = 20;

/** The query of `find`, not checked yet. */
export interface Query {
  readonly where?: unknown;
  readonly orderBy?: never;
  readonly with?: unknown;
  readonly pick?: unknown;
  readonly limit?: number;
}

/** Nodes of a view, and the relations that are read along with them. */
export interface Branch {
  readonly view: AnyView;
  readonly filter: WireFilter | undefined;
  readonly sort: readonly object[] | undefined;
  /** Most nodes for each parent. */
  readonly limit: number;
  /** The properties that users get. @default all of them */
  readonly pick: readonly string[] | undefined;
  readonly relation: RelationPlan | undefined;
  readonly branches: readonly Branch[];
}

/** @throws {ConfigError} for a relation, condition or option that cannot be */
export function planFind(scope: InstanceScope, query: Query): Branch {
  checkOptions(query, [...OPTIONS, 'limit'], WHAT, propertiesOf(scope.view));
  return {
    view: scope.view,
    filter: scopedFilter(scope, query.where, WHAT),
    sort: toSort(scope, query.orderBy, WHAT),
    limit: Infinity,
    pick: planPick(scope.view, query.pick, `${WHAT}: pick`),
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
    checkOptions(options, [...OPTIONS, 'limit'], what);
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
        pick: planPick(relation.target, options.pick, `${what}: pick`),
        relation,
        branches: planBranches(relation.target, options.with, inner),
      },
    ];
  });
}

/** @returns undefined where that is all of them */
function planPick(view: AnyView, given: unknown, what: string): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const picked = pickedProperties(view, given, what);
  return storedNames(view).every((name) => picked.includes(name)) ? undefined : picked;
}

/** The properties to read of the nodes of a branch: those that joins find their nodes by, too. */
export function readOf({ pick, branches }: Branch): readonly string[] | undefined {
  const relations = branches.map(({ relation }) => relation as RelationPlan);
  const named = relations.filter(({ definition }) => definition.reading).map(({ name }) => name);
  return pick && [...new Set([...pick, ...named])];
}

/** The properties to ask for. Where the nodes name their parents, by that relation. */
function askedOf(branch: Branch): readonly string[] | undefined {
  const { kind, through } = branch.relation?.definition ?? {};
  const read = readOf(branch);
  return read && kind === 'reverse' ? [...new Set([...read, through as string])] : read;
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
    const asked = askedOf(child);
    const own = isEdges ? undefined : asked;
    const first = makeStep(nextName(steps), from, { ...step, ...sort }, view, own);
    const edges = isEdges ? first : undefined;
    let nodes = first;
    if (isEdges) {
      const far = farNodesStep(child.view, first.name, child.filter);
      nodes = makeStep(`${first.name}n`, first, { ...far, sort: child.sort }, child.view, asked);
    }
    steps.set(child, { nodes, edges });
    addSteps(child, nodes, steps);
  }
}

function nextName(steps: ReadonlyMap<Branch, Steps>): string {
  return `s${steps.size}`;
}

/** The step that gives the nodes of a branch. */
export function rootStep(branch: Branch, wire: Step['wire']): Step {
  return makeStep('s0', undefined, wire, branch.view, askedOf(branch));
}

/** A step of its own, or one that follows another. */
function makeStep(
  name: string,
  parent: Step | undefined,
  wire: Step['wire'],
  view: AnyView | undefined,
  properties: readonly string[] | undefined,
): Step {
  const step: Step = {
    name,
    parent,
    children: [],
    wire,
    limit: MOST_PER_STEP,
    view,
    properties,
  };
  parent?.children.push(step);
  return step;
}
