import type { Route } from './http/route.js';
import { withConcurrency } from './instances/concurrency.js';
import { instanceRoutes } from './instances/routes.js';
import { Selections } from './instances/selection.js';
import { statisticsRoutes } from './instances/statistics.js';
import { queryRoutes } from './query/routes.js';
import { schemaRoutes } from './schema/routes.js';
import type { State } from './state.js';

/** All endpoints of data modeling; `limits` when requests at a time are limited as well. */
export function modelRoutes(state: State, limits: boolean): Route[] {
  const selections = new Selections(state.schema);
  const instances = [...instanceRoutes(state, selections), ...queryRoutes(state, selections)];
  return [...schemaRoutes(state), ...(limits ? withConcurrency(instances) : instances), ...statisticsRoutes(state)];
}
