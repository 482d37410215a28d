import type { Json } from '../helpers.js';
import { aggregateInstances } from './naive/aggregate.js';
import { applyInstances } from './naive/apply.js';
import {
  applyContainers,
  containersById,
  deleteContainers,
  deleteParts,
} from './naive/containers.js';
import { keepAssetPaths } from './naive/core.js';
import { deleteInstances } from './naive/delete.js';
import { queryInstances } from './naive/query.js';
import { inspectInstances, instancesById, listInstances } from './naive/read.js';
import {
  applyModels,
  deleteVersions,
  inlined,
  listSchema,
  loadGlobal,
  versionsById,
} from './naive/schema-reads.js';
import { searchInstances } from './naive/search.js';
import { applySpaces, deleteSpaces, spacesById } from './naive/spaces.js';
import { type Answer, emptyState, Refusal, type State } from './naive/state.js';
import { spaceStatistics, spaceStatisticsById, statistics } from './naive/statistics.js';
import { syncInstances } from './naive/sync.js';
import { applyViews, shownView } from './naive/views.js';

type Handler = (state: State, body: Json, query: Json) => Answer;

const HANDLERS: Readonly<Record<string, Handler>> = {
  'POST spaces': applySpaces,
  'POST spaces/byids': spacesById,
  'POST spaces/delete': deleteSpaces,
  'GET spaces': (state, _, query) => listSchema(state, 'spaces', query),
  'POST containers': applyContainers,
  'POST containers/byids': containersById,
  'POST containers/delete': deleteContainers,
  'POST containers/constraints/delete': (state, body) => deleteParts(state, body, 'constraints'),
  'POST containers/indexes/delete': (state, body) => deleteParts(state, body, 'indexes'),
  'GET containers': (state, _, query) => listSchema(state, 'containers', query),
  'POST views': applyViews,
  'POST views/byids': (state, body, { includeInheritedProperties }) =>
    versionsById(state, 'views', body, (view) =>
      shownView(state, view, includeInheritedProperties !== 'false'),
    ),
  'POST views/delete': (state, body) => deleteVersions(state, 'views', body),
  'GET views': (state, _, query) => listSchema(state, 'views', query),
  'POST datamodels': applyModels,
  'POST datamodels/byids': (state, body, { inlineViews }) =>
    versionsById(state, 'models', body, (model) =>
      inlineViews === 'true' ? inlined(state, model) : model,
    ),
  'POST datamodels/delete': (state, body) => deleteVersions(state, 'models', body),
  'GET datamodels': (state, _, query) => listSchema(state, 'models', query),
  'POST instances': applyInstances,
  'POST instances/delete': deleteInstances,
  'POST instances/byids': instancesById,
  'POST instances/list': listInstances,
  'POST instances/search': searchInstances,
  'POST instances/aggregate': aggregateInstances,
  'POST instances/query': queryInstances,
  'POST instances/sync': syncInstances,
  'POST instances/inspect': inspectInstances,
  'GET statistics': statistics,
  'GET statistics/spaces': spaceStatistics,
  'POST statistics/spaces/byids': spaceStatisticsById,
};

export interface NaiveModel {
  /** Answers a request below `/models/`; a refusal changes nothing. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: Json) => Answer;
}

/**
 * The service as its description says it, without any thought of speed: the state is copied for
 * every request, every filter looks at every instance, and requests share no cache.
 */
export function naiveModel(core?: Json): NaiveModel {
  let state = emptyState();
  if (core !== undefined) loadGlobal(state, core);
  return {
    call(method, path, body = {}) {
      const [name = '', text = ''] = path.split('?');
      const handler = HANDLERS[`${method} ${name}`];
      if (handler === undefined) return refusal(404, `No such path: ${method} ${name}`);
      const next = structuredClone(state);
      next.time += 1000;
      try {
        const answer = handler(
          next,
          structuredClone(body),
          Object.fromEntries(new URLSearchParams(text)),
        );
        keepAssetPaths(next, new Date(next.time).toISOString().replace('.000Z', '+00:00'));
        state = next;
        return structuredClone(answer);
      } catch (error) {
        if (error instanceof Refusal) return refusal(error.status, error.message);
        throw error;
      }
    },
  };
}

const refusal = (code: number, message: string): Answer => ({
  status: code,
  body: { error: { code, message } },
});
