import { ApiError, badRequest } from '../errors.js';
import type { Reply, Route } from './route.js';

/**
 * Endpoints below a path that are loaded when one of them is first requested. Their paths have no
 * parameters.
 */
export function lazyRoutes(prefix: string, load: () => Promise<readonly Route[]>): Route[] {
  let loading: Promise<ReadonlyMap<string, Route>> | undefined;
  const handle: Route['handle'] = async (call): Promise<Reply> => {
    loading ??= load().then(
      (routes) => new Map(routes.map((route) => [`${route.method} ${route.path}`, route])),
    );
    // Not the first one: a project may have the name of the prefix.
    const path = call.url.pathname
      .slice(call.url.pathname.lastIndexOf(`${prefix}/`))
      .replace(/\/$/, '');
    const route = (await loading).get(`${call.method} ${path}`);
    if (route === undefined) throw new ApiError(501, `${call.method} ${path} is not emulated`);
    try {
      return await route.handle(call);
    } catch (error) {
      // Bodies are walked by recursion: one that is deeper than the stack is the client's fault.
      if (error instanceof RangeError && error.message.includes('call stack'))
        throw badRequest('The request body is nested too deeply.');
      throw error;
    }
  };
  return (['GET', 'POST', 'PUT', 'DELETE'] as const).map((method) => ({
    method,
    path: `${prefix}/*`,
    handle,
  }));
}
