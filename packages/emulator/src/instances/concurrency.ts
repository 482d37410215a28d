import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '../errors.js';
import type { Reply, Route } from '../http/route.js';
import type { InstanceLimits } from '../options.js';

type Kind = 'read' | 'write' | 'delete';

/** How many requests of each kind a project may have at a time. */
export type Concurrency = Readonly<Record<Kind, number>>;

/** The limits of an emulator; those that are not named are CDF's. */
export function toConcurrency(limits: boolean | InstanceLimits): Concurrency {
  const { read = 8, write = 4, delete: deletes = 2 } = Object(limits) as InstanceLimits;
  return { read, write, delete: deletes };
}

/**
 * How long a request has its place at least: one thread would never have two of them otherwise.
 *
 * @unit milliseconds
 */
const LEAST = 20;

const KINDS: Readonly<Record<string, Kind>> = {
  '/models/instances': 'write',
  '/models/instances/delete': 'delete',
  '/models/instances/list': 'read',
  '/models/instances/byids': 'read',
  '/models/instances/search': 'read',
  '/models/instances/aggregate': 'read',
  '/models/instances/query': 'read',
  '/models/instances/sync': 'read',
};

/** Routes that refuse more requests at a time than a project may have. */
export function withConcurrency(routes: readonly Route[], concurrency: Concurrency): Route[] {
  const running: Record<Kind, number> = { read: 0, write: 0, delete: 0 };
  return routes.map((route) => {
    const kind = KINDS[route.path];
    if (kind === undefined) return route;
    const handle: Route['handle'] = async (call): Promise<Reply> => {
      if (running[kind] >= concurrency[kind])
        throw new ApiError(
          429,
          `Too many concurrent requests: a project may have ${concurrency[kind]} ${kind} requests for instances at a time.`,
        );
      running[kind] += 1;
      try {
        const [reply] = await Promise.all([route.handle(call), wait(LEAST)]);
        return reply;
      } finally {
        running[kind] -= 1;
      }
    };
    return { ...route, handle };
  });
}
