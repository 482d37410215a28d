import { badRequest } from '../errors.js';
import { EVENTS } from '../fields/events.js';
import type { Route } from '../http/route.js';
import type { CdfEvent, EventCreate } from '../model/event.js';
import type { State } from '../state.js';
import { wordedRefusals } from '../storage/references.js';
import { aggregateRoute } from './aggregate.js';
import { createRoute } from './create.js';
import {
  byIdRoute,
  byIdsRoute,
  deleteRoute,
  type Kind,
  listRoute,
  plainText,
  updateRoute,
} from './crud.js';
import { getListRoute } from './get-list.js';
import { advancedListing, searchRoute } from './query.js';

/** The endpoints under `/events`. */
export function eventRoutes(state: State): Route[] {
  const kind: Kind<CdfEvent> = {
    table: EVENTS,
    path: '/events',
    name: 'events',
    collection: state.events,
    refusals: wordedRefusals('Event'),
    textOf: plainText,
  };
  const extra = advancedListing(state, kind, undefined, { emptySort: true });
  return [
    createRoute<CdfEvent, EventCreate>(state, kind, {
      check: (items) => items.forEach(checkTimes),
    }),
    byIdRoute(kind),
    getListRoute(state, kind, { extra }),
    listRoute(state, kind, { extra }),
    searchRoute(state, kind),
    aggregateRoute(state, kind, { allText: false, counted: true }),
    byIdsRoute(kind),
    updateRoute(state, kind, {
      complete: (after) => {
        checkTimes(after);
        return after;
      },
    }),
    deleteRoute(state, kind),
  ];
}

function checkTimes({ startTime, endTime }: EventCreate): void {
  if (startTime !== undefined && endTime !== undefined && endTime < startTime) {
    throw badRequest('endTime must not be before startTime');
  }
}
