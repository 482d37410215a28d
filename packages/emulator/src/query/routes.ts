import { postExact } from '../http/exact-route.js';
import type { Route } from '../http/route.js';
import type { Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { aggregateInstances } from './aggregate.js';
import { listInstances } from './list.js';
import { queryInstances } from './query.js';
import { searchInstances } from './search.js';
import { syncInstances } from './sync.js';

const PATH = '/models/instances';

/** The endpoints that look for instances. */
export function queryRoutes(state: State, selections: Selections): Route[] {
  return [
    postExact(`${PATH}/list`, (body) => listInstances(state, selections, body)),
    postExact(`${PATH}/search`, (body) => searchInstances(state, selections, body)),
    postExact(`${PATH}/aggregate`, (body) => aggregateInstances(state, selections, body)),
    postExact(`${PATH}/query`, (body) => queryInstances(state, selections, body)),
    postExact(`${PATH}/sync`, (body) => syncInstances(state, selections, body)),
  ];
}
