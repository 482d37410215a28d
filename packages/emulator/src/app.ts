import { setTimeout as wait } from 'node:timers/promises';
import { Hono } from 'hono';
import type { EmulatorClock } from './control/clock.js';
import { CONTROL_PATH } from './control/control-path.js';
import type { LatencyRange } from './control/fault.js';
import type { Faults } from './control/faults.js';
import type { Log, RequestLogEntry } from './control/logs.js';
import { drawn, random } from './control/random.js';
import { type Connection, inChunks, underFault } from './control/strike.js';
import { ApiError, badRequest } from './errors.js';
import { bodyStream, readBody } from './http/body.js';
import { errorResponse, respond } from './http/respond.js';
import { type Call, parseJson, type Route } from './http/route.js';
import { type AccessRules, checkAccess, corsHeaders, preflight } from './http/security.js';
import type { Authorizer } from './identity/authorize.js';
import { unauthorized } from './identity/tokens.js';

/** Where contents are, as in a store of another company. */
const STORAGE_PREFIX = '/storage/';
const LOGGED_BODY_BYTES = 64 * 1024;
const MASKED = new Set(['authorization', 'api-key', 'x-control-token', 'cookie']);

interface Variables {
  requestId: string;
  note: (body: unknown, bytes: number) => void;
}

/** How answers come over the network, as options say; faults add to it. */
export interface Network {
  readonly latencyMs?: number | LatencyRange | undefined;
  readonly chunkBytes?: number | undefined;
  /** True if browsers may read the headers of contents. */
  readonly exposeHeaders: boolean;
}

/** The parts of the application. */
export interface AppParts {
  readonly project: string;
  readonly clock: EmulatorClock;
  readonly faults: Faults;
  readonly requests: Log<RequestLogEntry>;
  readonly access: AccessRules;
  readonly network: Network;
  readonly authorizer: Authorizer;
  /** Inside the project, behind authorization. */
  readonly projectRoutes: readonly Route[];
  /** At the root; they look after authorization themselves. */
  readonly rootRoutes: readonly Route[];
  /** Behind the control token; never under a fault. */
  readonly controlRoutes: readonly Route[];
  readonly controlToken: string;
  /** Paths of the API that exist but are not emulated. */
  readonly isKnownPath: (path: string) => boolean;
  /** True for known paths outside of a project. */
  readonly isKnownRoot: (pathname: string) => boolean;
}

/**
 * Makes the function that answers every request; exempt ones are neither logged nor struck by
 * faults.
 */
export function createApp(
  parts: AppParts,
): (request: Request, connection?: Connection, exempt?: boolean) => Promise<Response> {
  const hono = routed(parts);
  const { network } = parts;
  const draw = random(1);
  return async (request, connection = {}, exempt = false) => {
    const requestId = crypto.randomUUID();
    const url = new URL(request.url);
    const path = logPath(url.pathname, parts.project);
    let entry: RequestLogEntry = {
      requestId,
      method: request.method,
      path,
      url: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(
        [...request.headers].map(([name, value]) => [name, MASKED.has(name) ? '***' : value]),
      ),
      time: parts.clock.now(),
      bodyBytes: 0,
    };
    const isStorage = url.pathname.startsWith(STORAGE_PREFIX);
    const isExempt = exempt || url.pathname.startsWith(`${CONTROL_PATH}/`);
    const update = (change: Partial<RequestLogEntry>): void => {
      const next = { ...entry, ...change };
      parts.requests.replace(entry, next);
      entry = next;
    };
    if (!isExempt) parts.requests.add(entry);
    const finish = (response: Response, origin: string | undefined): Response => {
      if (!response.headers.has('x-hono-already-sent')) update({ status: response.status });
      response.headers.set('x-request-id', requestId);
      if (origin !== undefined)
        for (const [name, value] of Object.entries(
          corsHeaders(origin, network.exposeHeaders || !isStorage),
        ))
          response.headers.append(name, value);
      return response;
    };
    let origin: string | undefined;
    const note = (body: unknown, bytes: number): void =>
      update(body === undefined ? { bodyBytes: bytes } : { body, bodyBytes: bytes });
    const handle = async (): Promise<Response> =>
      finish(await hono.fetch(request, { ...connection, requestId, note }), origin);
    try {
      origin = checkAccess(url, request.headers, parts.access);
      if (request.method === 'OPTIONS' && origin !== undefined) {
        return finish(
          preflight(origin, request.headers.get('access-control-request-headers')),
          undefined,
        );
      }
      const struck = isExempt ? undefined : parts.faults.strike(request.method, path, url.pathname);
      if (!isExempt && network.latencyMs !== undefined) await wait(drawn(network.latencyMs, draw));
      const answered = async (): Promise<Response> => {
        const response = await handle();
        // A fault may cut the body in pieces of its own.
        if (isExempt || network.chunkBytes === undefined || struck?.fault.chunkBytes !== undefined)
          return response;
        return inChunks(response, network.chunkBytes);
      };
      if (struck === undefined) return await answered();
      update({ faultId: struck.id });
      const answerOf = (outcome: unknown): Response => {
        if (!(outcome instanceof Response))
          return finish(errorResponse(outcome, requestId), origin);
        // As from a proxy: the emulator's own headers are not on it.
        update({ status: outcome.status });
        return outcome;
      };
      return await underFault(struck, connection, answered, answerOf);
    } catch (error) {
      if (error instanceof TypeError && error.message === 'fetch failed') throw error;
      return finish(errorResponse(error, requestId), origin);
    }
  };
}

function routed(parts: AppParts): Hono<{ Bindings: Connection & Variables }> {
  // Some clients end a path with a slash.
  const app = new Hono<{ Bindings: Connection & Variables }>({ strict: false });
  const mount = (
    prefix: string,
    routes: readonly Route[],
    check?: (call: Call) => Promise<void>,
  ): void => {
    for (const route of routes) {
      app.on(route.method, `${prefix}${route.path}`, async (context) => {
        const { requestId } = context.env;
        try {
          const call = callOf(
            context.req.raw,
            context.env,
            (name) => context.req.param(name) ?? '',
          );
          await check?.(call);
          return await respond(
            await route.handle(call),
            route.status ?? 200,
            call.headers.get('accept-encoding'),
          );
        } catch (error) {
          return errorResponse(error, requestId);
        }
      });
    }
  };
  mount(CONTROL_PATH, parts.controlRoutes, async (call) => checkControl(call, parts.controlToken));
  mount('', parts.rootRoutes);
  mount(`/api/v1/projects/${parts.project}`, parts.projectRoutes, async (call) => {
    await parts.authorizer.check(call.headers);
  });
  app.notFound(async (context) => await notFound(parts, context.req.raw, context.env.requestId));
  return app;
}

function callOf(
  request: Request,
  env: Connection & Variables,
  param: (name: string) => string,
): Call {
  const url = new URL(request.url);
  const { headers } = request;
  let read: Promise<Buffer> | undefined;
  const bytes = (): Promise<Buffer> => {
    read ??= readBody(bodyStream(request, env.incoming), headers.get('content-encoding')).then(
      ({ data, wireBytes }) => {
        env.note(undefined, wireBytes);
        return data;
      },
    );
    return read;
  };
  return {
    requestId: env.requestId,
    method: request.method,
    url,
    origin: url.origin,
    headers,
    query: url.searchParams,
    param,
    bytes,
    json: async () => {
      const data = await bytes();
      const body = parseJson(data.toString());
      if (data.length <= LOGGED_BODY_BYTES) env.note(body, data.length);
      return body;
    },
    stream: () => bodyStream(request, env.incoming),
  };
}

function checkControl(call: Call, token: string): void {
  if (call.headers.has('origin'))
    throw new ApiError(
      403,
      'Control requests from browsers are not allowed; send them from a program',
    );
  if (call.headers.get('x-control-token') !== token) {
    throw new ApiError(
      401,
      'Control requests need the header x-control-token with the token that was printed at the start',
    );
  }
  const [name] = call.query.keys();
  if (name !== undefined) throw badRequest(`Control requests have no query, got "${name}"`);
}

async function notFound(parts: AppParts, request: Request, requestId: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  const inProject = /^\/api\/v1\/projects\/([^/]+)(\/.*)?$/.exec(pathname);
  try {
    if (inProject === null && !parts.isKnownRoot(pathname))
      throw new ApiError(404, `Unknown path: ${pathname}`);
    await parts.authorizer.check(request.headers);
    if (inProject === null)
      throw new ApiError(501, `${request.method} ${pathname} is not emulated`);
    if (inProject[1] !== parts.project) {
      throw unauthorized(
        `the credentials have no access to project ${inProject[1]}; this emulator serves ${parts.project}`,
      );
    }
    const path = inProject[2] ?? '/';
    if (parts.isKnownPath(path))
      throw new ApiError(501, `${request.method} ${path} is not emulated`);
    throw new ApiError(404, `Unknown endpoint: ${request.method} ${path}`);
  } catch (error) {
    return errorResponse(error, requestId);
  }
}

function logPath(pathname: string, project: string): string {
  const prefix = `/api/v1/projects/${project}`;
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
}
