import { type CallOptions, ConfigError } from '@cdf/core';
import { Cursors, concurrently, ownCopy, printedQuery, quoted } from '@cdf/core/resource';
import { checkNames, checkOptions } from '../nodes/check-options.js';
import type { InstanceList } from '../nodes/instance-list.js';
import { toList } from '../nodes/instance-scope.js';
import { isExact } from '../nodes/instances.js';
import { canonical } from '../schema/canonical.js';
import type { AnyView, NodeReference } from '../view/definition.js';
import { describe } from '../wire/describe.js';
import { type Compared, comparedWith, toComparedValue } from '../wire/parameters.js';
import { InstanceReader } from '../wire/reader.js';
import { type Connection, transportOf } from '../wire/send.js';
import type { Graph, GraphOutput } from './graph.js';
import {
  descendants,
  MOST_STEPS,
  type QueryContext,
  readTree,
  type Step,
  type StepItems,
} from './steps.js';

/** The nodes that a graph gives, a list for each output. */
export type GraphPage<Outputs> = {
  readonly [K in keyof Outputs]: Outputs[K] extends GraphOutput<infer Item extends object>
    ? InstanceList<Item>
    : never;
};

/** How a graph runs. */
export interface RunOptions extends Pick<CallOptions, 'signal' | 'timeoutMs'> {
  /** Values of `param(name)`. */
  readonly parameters?:
    | Readonly<Record<string, Date | string | number | bigint | boolean | NodeReference>>
    | undefined;
}

const WHAT = 'runGraph';
const LABEL = 'POST /models/instances/query';

/** A graph that has not been sent. Each use sends it afresh. */
export class GraphRun<Outputs>
  implements Promise<GraphPage<Outputs>>, AsyncIterable<GraphPage<Outputs>>
{
  readonly [Symbol.toStringTag] = 'GraphRun';
  readonly #context: Omit<QueryContext, 'now' | 'parameters'>;
  /** Their values as the API takes them: relative times are those of each use. */
  readonly #parameters: () => QueryContext['parameters'];
  readonly #graph: Graph<Outputs>;
  readonly #options: CallOptions;

  constructor(
    connection: Connection,
    graph: Graph<Outputs>,
    { parameters, ...options }: RunOptions,
  ) {
    const steps = graph.roots.flatMap(descendants);
    for (const root of graph.roots) {
      const { length } = descendants(root);
      if (length > MOST_STEPS)
        throw new ConfigError(`${WHAT}: the walk has ${length} steps, the API takes ${MOST_STEPS}`);
    }
    const named = parametersOf(steps.map(({ wire }) => wire));
    for (const name of named.keys())
      if (!Object.hasOwn(parameters ?? {}, name) || parameters?.[name] === undefined)
        throw new ConfigError(`${WHAT}: missing parameter ${quoted(name)}`);
    checkOptions(parameters ?? {}, [...named.keys()], `${WHAT}: parameters`);
    const own = parameters && Object.entries(ownCopy(parameters));
    this.#parameters = () =>
      own &&
      Object.fromEntries(
        own.map(([name, value]) => [
          name,
          toParameter(value, named.get(name) ?? [], `${WHAT}: parameter ${quoted(name)}`),
        ]),
      );
    this.#parameters();
    this.#context = {
      transport: transportOf(connection),
      isExact: steps.some(({ view }) => view !== undefined && isExact(view)),
    };
    this.#graph = graph;
    this.#options = options;
  }

  /** Everything, each node once. */
  // biome-ignore lint/suspicious/noThenProperty: `await` gives everything, as it does for a listing.
  then<A = GraphPage<Outputs>, B = never>(
    onFulfilled?: ((page: GraphPage<Outputs>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#everything().then(onFulfilled, onRejected);
  }

  /** As a promise has it. */
  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<GraphPage<Outputs> | B> {
    return this.then(undefined, onRejected);
  }

  /** As a promise has it. */
  finally(onFinally?: (() => void) | null): Promise<GraphPage<Outputs>> {
    return this.then().finally(onFinally);
  }

  async #everything(): Promise<GraphPage<Outputs>> {
    const all: Record<string, object[]> = Object.fromEntries(
      [...this.#graph.picks.keys()].map((name) => [name, toList([])]),
    );
    for await (const page of this)
      for (const [name, items] of Object.entries(page as Record<string, object[]>))
        for (const item of items) all[name]?.push(item);
    return all as never;
  }

  /**
   * A page of the nodes where the walk begins, with everything that it leads to and that no earlier
   * page had.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<GraphPage<Outputs>, void, undefined> {
    const seen = new Map<Step, Set<string>>();
    const context = { ...this.#context, parameters: this.#parameters(), now: Date.now() };
    let open = this.#graph.roots.map(
      (root): OpenRoot => ({ root, cursor: undefined, cursors: new Cursors(LABEL) }),
    );
    while (open.length > 0) {
      const read = ({ root, cursor }: OpenRoot, signal: AbortSignal): ReturnType<typeof readTree> =>
        readTree(context, root, cursor, root.limit, { ...this.#options, signal });
      const pages = await concurrently(open, read, {
        limit: open.length,
        signal: this.#options.signal,
      });
      const items = new Map(pages.flatMap((page) => [...page.items]));
      const isFirst = seen.size === 0;
      const page = this.#toPage(items, seen);
      // The API tells that there are no more nodes by an empty page after a full one.
      if (
        isFirst ||
        Object.values<readonly object[]>(page as never).some((list) => list.length > 0)
      )
        yield page;
      open = open.flatMap(({ root, cursors }, index) => {
        const page = pages[index] as (typeof pages)[0];
        if (page.nextCursor === undefined) return [];
        return {
          root,
          cursors,
          cursor: cursors.next(page.nextCursor, page.items.get(root.name)?.size ?? 0),
        };
      });
    }
  }

  /** The picked properties of some items, without those of an earlier page. */
  #toPage(items: StepItems, seen: Map<Step, Set<string>>): GraphPage<Outputs> {
    const fresh = new Map<Step, string[]>();
    const page: Record<string, object[]> = {};
    for (const [name, { step, properties }] of this.#graph.picks) {
      const found = items.get(step.name);
      const known = seen.get(step);
      const keys =
        fresh.get(step) ?? [...(found?.keys() ?? [])].filter((key) => known?.has(key) !== true);
      fresh.set(step, keys);
      const reader = new InstanceReader(step.view as AnyView, 'date', undefined, properties);
      page[name] = toList(keys.map((key) => reader.read(found?.get(key) as object, LABEL)));
    }
    for (const [step, keys] of fresh) {
      const known = seen.get(step) ?? new Set();
      for (const key of keys) known.add(key);
      seen.set(step, known);
    }
    return page as never;
  }
}

printedQuery(GraphRun.prototype, 'GraphRun');

/** Where the walk goes on. */
interface OpenRoot {
  readonly root: Step;
  readonly cursor: string | undefined;
  readonly cursors: Cursors;
}

/** @throws {ConfigError} for what no condition compares with */
function toParameter(value: unknown, places: readonly Compared[], what: string): unknown {
  const forms = places.map((place) =>
    toComparedValue({ ...place, what: `${what}, compared with ${place.what}` }, value),
  );
  const [first] = forms;
  // The API takes one value for all places, and would compare it as it is.
  const other = forms.findIndex((form) => canonical(form) !== canonical(first));
  if (other > 0)
    throw new ConfigError(
      `${what} is compared with ${places[0]?.what} and ${places[other]?.what}, which take other forms of it; use a parameter for each`,
    );
  if (first !== undefined) return first;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new ConfigError(`${what} is an invalid date`);
    return value.toISOString();
  }
  if (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    Number.isFinite(value)
  )
    return value;
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  if (typeof space === 'string' && typeof externalId === 'string') return { space, externalId };
  throw new ConfigError(
    `${what}: expected a string, a finite number, a boolean, a bigint, a Date or { space, externalId }, got ${describe(value)}`,
  );
}

/** Names of the parameters in some conditions, and what each is compared with. */
function parametersOf(
  value: unknown,
  found: Map<string, Compared[]> = new Map(),
): Map<string, Compared[]> {
  if (typeof value !== 'object' || value === null) return found;
  const { parameter } = value as { readonly parameter?: unknown };
  if (typeof parameter === 'string')
    found.set(parameter, [...(found.get(parameter) ?? []), comparedWith(value) ?? []].flat());
  else for (const each of Object.values(value)) parametersOf(each, found);
  return found;
}

/**
 * Runs a graph. In `for await`: a page of the nodes where the walk begins, with everything that it
 * leads to. Awaited: everything.
 *
 * @param connection a client or a transport
 * @throws {ConfigError} for a parameter that is missing or unknown
 */
export function runGraph<Outputs>(
  connection: Connection,
  question: Graph<Outputs>,
  options: RunOptions = {},
): GraphRun<Outputs> {
  checkNames(options, ['parameters', 'signal', 'timeoutMs'], WHAT);
  if (!(question?.picks instanceof Map))
    throw new ConfigError(`${WHAT}: expected a graph, got ${describe(question)}`);
  return new GraphRun(connection, question, options);
}
