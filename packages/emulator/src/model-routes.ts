import type { Route } from './http/route.js';
import { toConcurrency, withConcurrency } from './instances/concurrency.js';
import { instanceRoutes } from './instances/routes.js';
import { Selections } from './instances/selection.js';
import { statisticsRoutes } from './instances/statistics.js';
import type { InstanceLimits } from './options.js';
import { queryRoutes } from './query/routes.js';
import { schemaRoutes } from './schema/routes.js';
import type { State } from './state.js';

/** All endpoints of data modeling; `limits` when requests at a time are limited as well. */
export function modelRoutes(state: State, limits: boolean | InstanceLimits): Route[] {
  const concurrency = toConcurrency(limits);
  const selections = new Selections(state.schema);
  const instances = [...instanceRoutes(state, selections), ...queryRoutes(state, selections)];
  return [
    ...schemaRoutes(state),
    ...(limits !== false ? withConcurrency(instances, concurrency) : instances),
    ...statisticsRoutes(state, concurrency),
  ];
}
