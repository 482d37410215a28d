import { ConfigError } from '@cdf/core';
import { checkOptions } from '../nodes/check-options.js';
import { pickedProperties } from '../nodes/picked-properties.js';
import { toSort } from '../nodes/query.js';
import type { AnyView } from '../view/definition.js';
import { isView } from '../view/properties.js';
import type {
  Flat,
  NodeFields,
  PropertiesOf,
  Read,
  RelationKey,
  StoredKey,
  TargetOf,
} from '../view/types.js';
import type { OrderBy, Parameter, Where } from '../view/where-types.js';
import type { MaybeOf, PickOf } from '../view/with-types.js';
import { describe } from '../wire/describe.js';
import { allOf, hasData } from '../wire/filters.js';
import { makeParameter } from '../wire/parameters.js';
import { toFilter } from '../wire/where.js';
import { farNodesStep, planRelation, relationStep } from './follow.js';
import { descendants, MOST_PER_STEP, type Step } from './steps.js';

/** Nodes of a view at one step of a graph. */
export interface GraphNodes<V> {
  readonly view: V;
}

/** The items that a graph gives of one step. */
export interface GraphOutput<T> {
  readonly '~types'?: { readonly item: T } | undefined;
}

/** Which nodes a step has. */
export interface StepOptions<V> {
  /** Conditions, all of which hold; values may be `param(name)`. @default all nodes of the view */
  readonly where?: Where<V> | undefined;
  /** `{ name: 'asc' }`: the order of the nodes of a page. */
  readonly orderBy?: OrderBy<V> | undefined;
  /** Nodes of one page, not of the answer: the other pages follow. @default 1,000; of steps that follow 10,000, which is the most */
  readonly limit?: number | undefined;
}

/** Makes the steps of a graph. */
export interface GraphBuilder {
  /** Nodes of a view: where the walk begins. */
  nodes<V extends AnyView>(view: V, options?: StepOptions<V>): GraphNodes<V>;
  /**
   * The nodes on the other side of a relation.
   * @throws {ConfigError} for a reverse relation through a list, which the API cannot walk; `find`
   * can read it
   */
  follow<V extends AnyView, K extends RelationKey<PropertiesOf<V>> & string>(
    from: GraphNodes<V>,
    relation: K,
    options?: StepOptions<TargetOf<PropertiesOf<V>[K]>>,
  ): GraphNodes<TargetOf<PropertiesOf<V>[K]>>;
  /** Reads all properties of the nodes of a step. */
  pick<V extends AnyView>(from: GraphNodes<V>): GraphOutput<PickedNode<V, undefined>>;
  /** Reads some properties of the nodes of a step; `undefined` for all of them. */
  // With `string`, a wrong name is answered by the names that there are, not by how they are found.
  pick<
    V extends AnyView,
    const L extends readonly (StoredKey<PropertiesOf<V>> & string)[] | undefined,
  >(from: GraphNodes<V>, properties: L): GraphOutput<PickedNode<V, L>>;
}

/** A node with the properties of a list, all of them without one. */
type PickedNode<V, List> = Flat<
  Omit<NodeFields, (PickOf<V, List> | MaybeOf<V, List>) & keyof NodeFields> &
    Pick<Read<V>, PickOf<V, List> & keyof Read<V>> &
    Partial<Pick<Read<V>, MaybeOf<V, List> & keyof Read<V>>>
>;

/** A step and the properties that are read of it. */
interface StepPick {
  readonly step: Step;
  readonly properties: readonly string[] | undefined;
}

/** A question to the graph as a value. */
export interface Graph<Outputs> {
  readonly outputs: Outputs;
  /** Steps where the walk begins. */
  readonly roots: readonly Step[];
  /** Names of outputs, and of what each is read. */
  readonly picks: ReadonlyMap<string, StepPick>;
}

const WHAT = 'graph';
const DEFAULT_PAGE = 1_000;

/**
 * A question to the graph: steps, and what to read of them. Sends nothing.
 *
 * @throws {ConfigError} for what the API cannot walk, and for options that cannot be
 * @example
 * const late = graph((g) => {
 *   const pumps = g.nodes(Pump, { where: { status: 'on' } });
 *   const orders = g.follow(pumps, 'orders', { where: { due: { lt: param('now') } } });
 *   return { pumps: g.pick(pumps, ['name']), orders: g.pick(orders) };
 * });
 */
export function graph<Outputs extends Readonly<Record<string, GraphOutput<unknown>>>>(
  build: (g: GraphBuilder) => Outputs,
): Graph<Outputs> {
  if (typeof build !== 'function')
    throw new ConfigError(`${WHAT}: expected a function, got ${describe(build)}`);
  const roots: Step[] = [];
  const made = new Map<unknown, Step>();
  let count = 0;
  const picked = new Map<unknown, StepPick>();
  const add = (
    parent: Step | undefined,
    wire: object,
    view: AnyView | undefined,
    limit: number,
  ): Step => {
    const step: Step = {
      name: `s${count++}`,
      parent,
      children: [],
      wire: wire as Step['wire'],
      limit,
      view,
      properties: undefined,
    };
    if (parent === undefined) roots.push(step);
    else parent.children.push(step);
    return step;
  };
  const stepOf = (nodes: unknown): Step => {
    const step = made.get(nodes);
    if (step === undefined)
      throw new ConfigError(`${WHAT}: expected a step of this graph, got ${describe(nodes)}`);
    return step;
  };
  const toNodes = (step: Step): never => {
    const nodes = Object.freeze({ view: step.view });
    made.set(nodes, step);
    return nodes as never;
  };
  const g: GraphBuilder = {
    nodes: (view, options = {}) => {
      const what = `${WHAT}: nodes`;
      if (!isView(view)) throw new ConfigError(`${what}: expected a view, got ${describe(view)}`);
      checkOptions(options, ['where', 'orderBy', 'limit'], what);
      const filter = allOf([
        hasData(view),
        toFilter(view, options.where, what, 'node', 'parameters'),
      ]);
      const sort = toSort({ view, instance: 'node' }, options.orderBy as never, what);
      return toNodes(
        add(
          undefined,
          { nodes: { filter }, sort },
          view,
          checkLimit(options.limit ?? DEFAULT_PAGE, what),
        ),
      );
    },
    follow: (from, relation, options = {}) => {
      const what = `${WHAT}: follow ${relation}`;
      checkOptions(options, ['where', 'orderBy', 'limit'], what);
      const parent = stepOf(from);
      const view = parent.view as AnyView;
      const plan = planRelation(view, relation, what);
      if (!plan.isWalkable)
        throw new ConfigError(
          `${what}: the API cannot walk from a node to those that name it in a list ("${plan.definition.through}"); read it with find()`,
        );
      const filter = toFilter(plan.target, options.where, what, 'node', 'parameters');
      const sort = toSort({ view: plan.target, instance: 'node' }, options.orderBy as never, what);
      const limit = checkLimit(options.limit ?? MOST_PER_STEP, what);
      const { step, isEdges } = relationStep(view, plan, parent.name, filter);
      if (!isEdges) return toNodes(add(parent, { ...step, sort }, plan.target, limit));
      const edges = add(parent, step, plan.definition.edgeView?.(), limit);
      return toNodes(
        add(edges, { ...farNodesStep(plan.target, edges.name, filter), sort }, plan.target, limit),
      );
    },
    pick: (from: GraphNodes<AnyView>, properties?: readonly string[]) => {
      const output = Object.freeze({});
      const step = stepOf(from);
      picked.set(output, {
        step,
        properties:
          properties === undefined
            ? undefined
            : pickedProperties(step.view as AnyView, properties, `${WHAT}: pick`),
      });
      return output;
    },
  };
  const outputs = build(g);
  if (typeof outputs !== 'object' || outputs === null)
    throw new ConfigError(`${WHAT}: expected { name: g.pick(step) }, got ${describe(outputs)}`);
  const picks = new Map(
    Object.entries(outputs).map(([name, output]) => {
      const pick = picked.get(output);
      if (pick === undefined)
        throw new ConfigError(`${WHAT}: ${name} must be made by g.pick(), got ${describe(output)}`);
      return [name, pick] as const;
    }),
  );
  for (const step of roots.flatMap(descendants))
    step.properties = propertiesRead(step, [...picks.values()]);
  if (picks.size === 0)
    throw new ConfigError(`${WHAT}: pick at least one step; return { name: g.pick(step) }`);
  return Object.freeze({ outputs, roots, picks });
}

/** The properties that some picks read of a step together; all of them when one pick reads all. */
function propertiesRead(step: Step, picks: readonly StepPick[]): readonly string[] | undefined {
  const own = picks.filter((pick) => pick.step === step);
  if (own.some(({ properties }) => properties === undefined)) return undefined;
  return [...new Set(own.flatMap(({ properties = [] }) => properties))];
}

function checkLimit(limit: unknown, what: string): number {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MOST_PER_STEP)
    throw new ConfigError(
      `${what}: limit must be a whole number from 1 to ${MOST_PER_STEP}, got ${describe(limit)}`,
    );
  return limit as number;
}

/**
 * A value that is given when the graph runs:
 * `runGraph(client, question, { parameters: { now: new Date() } })`.
 */
export function param(name: string): Parameter {
  if (typeof name !== 'string' || name === '')
    throw new ConfigError(`param: expected a non-empty string, got ${describe(name)}`);
  return makeParameter(name);
}
