import { postExact } from '../http/exact-route.js';
import type { Route } from '../http/route.js';
import type { Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { listInstances } from './list.js';

const PATH = '/models/instances';

/** The endpoints that look for instances. */
export function queryRoutes(state: State, selections: Selections): Route[] {
  return [postExact(`${PATH}/list`, (body) => listInstances(state, selections, body))];
}
