import { channel } from 'node:diagnostics_channel';
import { isDeepStrictEqual, types } from 'node:util';

/**
 * Node's own `fetch` names the part of Node that it loads; a function of others could not load it.
 * A later Node that says it differently is taken for a stub: requests then go over its `fetch`, as
 * they did before.
 */
const NODES_OWN = /^function fetch\(|^async function fetch\(/;
const LOADS_UNDICI = /\brequire\('internal\/deps\/undici\/undici'\)|\blazyUndici\(\)/;

const ownFetches = /* @__PURE__ */ new WeakSet<object>();
const ownDispatchers = /* @__PURE__ */ new WeakSet<object>();

/** Where tools that trace the requests of `fetch` hear of each. */
const observed = /* @__PURE__ */ channel('undici:request:create');

/**
 * True if `globalThis.fetch` would do no more than send: it is the function that Node started with,
 * without a proxy, without configured connections, and without a tool that traces its requests.
 * Deno and Bun have a `fetch` of their own.
 */
export function isPlainFetch(): boolean {
  return (
    isOwnFetch(globalThis.fetch) &&
    !observed.hasSubscribers &&
    !hasProxy() &&
    dispatchers().every(isOwnDispatcher)
  );
}

function isOwnFetch(fetch: unknown): boolean {
  if (typeof fetch !== 'function') return false;
  if (ownFetches.has(fetch)) return true;
  // Not by its own `toString`: mocks have that of the function that they mock.
  const text = Function.prototype.toString.call(fetch);
  if (!NODES_OWN.test(text) || !LOADS_UNDICI.test(text)) return false;
  ownFetches.add(fetch);
  return true;
}

/** Node was told to send through the proxy of the environment. */
function hasProxy(): boolean {
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS = '' } = process.env;
  return (
    (NODE_USE_ENV_PROXY !== undefined && NODE_USE_ENV_PROXY !== '0' && NODE_USE_ENV_PROXY !== '') ||
    [...process.execArgv, NODE_OPTIONS].some((each) => each.includes('--use-env-proxy'))
  );
}

/**
 * The global dispatcher of undici, under the name of each of its versions. Node sets its own when
 * `fetch` is first used.
 */
function dispatchers(): unknown[] {
  return Object.getOwnPropertySymbols(globalThis)
    .filter(({ description }) => description?.startsWith('undici.globalDispatcher.'))
    .map((name) => (globalThis as unknown as Record<symbol, unknown>)[name]);
}

function isOwnDispatcher(dispatcher: unknown): boolean {
  if (dispatcher === undefined) return true;
  if (typeof dispatcher !== 'object' || dispatcher === null) return false;
  if (!ownDispatchers.has(dispatcher)) {
    if (!isUnchangedAgent(dispatcher)) return false;
    ownDispatchers.add(dispatcher);
  }
  // One that was taken over later has a method of its own.
  return !Object.hasOwn(dispatcher, 'dispatch');
}

/**
 * An agent of undici itself with the options of a new one: that of Node, or that which the package
 * sets when it is imported.
 */
function isUnchangedAgent(dispatcher: object): boolean {
  const { constructor: Agent } = dispatcher as { constructor: AgentClass };
  // `compose()` gives a proxy.
  if (types.isProxy(dispatcher) || typeof Agent !== 'function' || Agent.name !== 'Agent')
    return false;
  if (!isOfUndici(Agent)) return false;
  const fresh = settings(new Agent());
  const given = settings(dispatcher);
  return fresh.length > 0 && isDeepStrictEqual(given, fresh);
}

type AgentClass = new (options?: { factory: unknown }) => object;

const UNDICI = /\(node:internal\/deps\/undici\/undici:|[\\/]node_modules[\\/]undici[\\/]lib[\\/]/;

/**
 * By the stack of the error that the constructor throws: where its code is, and whether the
 * constructor of another class called it.
 */
function isOfUndici(Agent: AgentClass): boolean {
  try {
    new Agent({ factory: 'none' });
    return false;
  } catch (error) {
    const [, first = '', second = ''] = String((error as Error | undefined)?.stack).split(
      '\n    at ',
    );
    return UNDICI.test(first) && !/^new /.test(second);
  }
}

function settings(agent: object): unknown[] {
  return Object.getOwnPropertySymbols(agent)
    .filter(({ description = '' }) => /^(options|factory)$/.test(description))
    .map((name) => (agent as Record<symbol, unknown>)[name]);
}
