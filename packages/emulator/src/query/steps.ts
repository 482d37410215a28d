import { badRequest } from '../errors.js';
import { positionCursor, readPosition } from '../http/position-cursor.js';
import type { Entry, InstanceType } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { Schema } from '../schema/schema.js';
import { NOTHING } from './condition.js';
import { compileFilter } from './filter.js';
import { type InstancePage, pageOf, pageOfEntries } from './pages.js';
import type { FilterContext } from './property-reference.js';
import type { EdgesStep, NodesStep, QueryBody, SetStep, Step } from './query-body.js';
import { type Members, setMembers } from './set-operations.js';
import { asPosition, type Order, orderOf, type Position } from './sort.js';
import { farEnd, nearEnd, relatedNodes, throughProperty, walkedEdges } from './walk.js';

const DEFAULT_LIMIT = 100;

/** The result of a step. */
export interface StepResult extends Members {
  readonly nextCursor: string | undefined;
}

/** Evaluates the steps of a query, each once, when another or the answer needs it. */
export class Steps {
  readonly #query: QueryBody;
  readonly #schema: Schema;
  readonly #instances: InstanceStore;
  readonly #mark: string;
  readonly #results = new Map<string, StepResult>();
  readonly #open = new Set<string>();

  constructor(query: QueryBody, schema: Schema, instances: InstanceStore, mark: string) {
    this.#query = query;
    this.#schema = schema;
    this.#instances = instances;
    this.#mark = mark;
  }

  result(name: string): StepResult {
    const present = this.#results.get(name);
    if (present !== undefined) return present;
    const step = this.#query.with.get(name);
    if (step === undefined)
      throw badRequest(`Unknown result set expression '${name}': it is not in 'with'.`);
    if (this.#open.has(name))
      throw badRequest(`The result set expression '${name}' depends on itself.`);
    this.#open.add(name);
    const made = this.#evaluate(name, step);
    this.#open.delete(name);
    this.#results.set(name, made);
    return made;
  }

  #evaluate(name: string, step: Step): StepResult {
    const select = this.#query.select.get(name);
    const limit = Math.min(step.limit ?? DEFAULT_LIMIT, select?.limit ?? Number.POSITIVE_INFINITY);
    const cursor = this.#query.cursors.get(name);
    const mark = `${this.#mark} ${name}`.replaceAll('.', ' ');
    const after = cursor === undefined ? undefined : readPosition(cursor, mark);
    const cursorOf = (count: number, position: unknown): string | undefined =>
      count === limit ? positionCursor(mark, position) : undefined;
    if ('operation' in step) {
      const { instanceType, direction, entries } = this.#set(step);
      const from = typeof after === 'number' ? after : 0;
      const shown = entries.slice(from, from + limit);
      return {
        instanceType,
        direction,
        entries: shown,
        nextCursor: cursorOf(shown.length, from + shown.length),
      };
    }
    const sort = step.sort ?? step.postSort ?? select?.sort;
    const page = 'nodes' in step ? this.#nodes : this.#edges;
    const order = orderOf(sort, this.#context('nodes' in step ? 'node' : 'edge'));
    const found = page.call(
      this,
      step as never,
      order,
      limit,
      after === undefined ? undefined : asPosition(after),
    );
    return {
      instanceType: 'nodes' in step ? 'node' : 'edge',
      direction: ('edges' in step ? step.edges.direction : undefined) ?? 'outwards',
      entries: found.entries,
      nextCursor: cursorOf(found.entries.length, found.last),
    };
  }

  #context(instanceType: InstanceType): FilterContext {
    const { parameters } = this.#query;
    return { schema: this.#schema, instances: this.#instances, instanceType, parameters };
  }

  #nodes(
    { nodes }: NodesStep,
    order: Order | undefined,
    limit: number,
    after: Position | undefined,
  ): InstancePage {
    const { from, through, chainTo = 'destination', direction = 'inwards', filter } = nodes;
    const condition = compileFilter(filter, this.#context('node'));
    const instances = this.#instances;
    if (from === undefined)
      return pageOf(instances, { instanceType: 'node', condition, order, limit, after });
    const source = this.result(from);
    let found: Iterable<Entry>;
    if (source.instanceType === 'node') {
      if (through === undefined)
        throw badRequest(`Nodes from the nodes of '${from}' need 'through'.`);
      found = relatedNodes(
        instances,
        source.entries,
        throughProperty(this.#schema, through),
        direction,
      );
    } else {
      if (through !== undefined)
        throw badRequest(`'through' is for nodes from nodes, and '${from}' gives edges.`);
      const endOf = chainTo === 'destination' ? farEnd : nearEnd;
      const keys = new Set(source.entries.map((edge) => endOf(edge, source.direction)));
      found = [...keys].flatMap((key) => instances.get(key) ?? []);
    }
    const fitting = [...found].filter(
      (entry) => entry.instanceType === 'node' && condition.test(entry),
    );
    return pageOfEntries(fitting, order, limit, after);
  }

  #edges(
    step: EdgesStep,
    order: Order | undefined,
    limit: number,
    after: Position | undefined,
  ): InstancePage {
    const {
      from,
      chainTo = 'destination',
      direction = 'outwards',
      maxDistance,
      limitEach,
    } = step.edges;
    if (limitEach !== undefined && (from === undefined || maxDistance !== 1))
      throw badRequest(`'limitEach' needs 'from' and 'maxDistance' 1.`);
    if (step.sort !== undefined && from !== undefined && maxDistance !== 1)
      throw badRequest(`'sort' of edges needs 'maxDistance' 1; use 'postSort' otherwise.`);
    const edge = compileFilter(step.edges.filter, this.#context('edge'));
    const node = compileFilter(step.edges.nodeFilter, this.#context('node'));
    const { terminationFilter } = step.edges;
    const termination =
      terminationFilter === undefined
        ? NOTHING
        : compileFilter(terminationFilter, this.#context('node'));
    const instances = this.#instances;
    if (from === undefined) {
      const isHidden = (entry: Entry): boolean => {
        const far = instances.get(farEnd(entry, direction));
        return far === undefined || !node.test(far);
      };
      return pageOf(instances, {
        instanceType: 'edge',
        condition: edge,
        order,
        limit,
        after,
        isHidden,
      });
    }
    const source = this.result(from);
    const endOf = chainTo === 'destination' ? farEnd : nearEnd;
    const starts =
      source.instanceType === 'node'
        ? source.entries.map(({ key }) => key)
        : source.entries.map((each) => endOf(each, source.direction));
    const found = walkedEdges(instances, starts, {
      direction,
      maxDistance: maxDistance ?? Number.POSITIVE_INFINITY,
      limitEach: limitEach ?? Number.POSITIVE_INFINITY,
      // 'sort' says which edges of a node are the first, 'postSort' only in which order they come.
      order: (step.sort?.length ?? 0) > 0 ? order : undefined,
      edge,
      node,
      termination,
    });
    return pageOfEntries([...found], order, limit, after);
  }

  #set(step: SetStep): Members {
    return setMembers(
      step,
      (name) => this.result(name),
      (inner) => this.#set(inner),
    );
  }
}
