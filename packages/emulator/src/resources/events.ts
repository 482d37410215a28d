import { badRequest } from '../errors.js';
import { eventProperties } from '../filters/resources.js';
import { post, type Route } from '../http/route.js';
import { keysOf, type State } from '../state.js';
import { externalIdText, idNumber, METADATA_LIMITS, metadata, timestamp } from '../validation/common.js';
import { array, object, parse, text } from '../validation/schema.js';
import { aggregateRoute } from './aggregate.js';
import {
  byIdRoute,
  byIdsRoute,
  deleteRoute,
  itemsOf,
  itemsText,
  type Kind,
  listRoute,
  plainText,
  updateRoute,
} from './crud.js';
import { eventFilter } from './event-filter.js';
import { getListRoute, type QueryParameter, rangeParameters } from './get-list.js';
import { checkAssets, checkDataSets } from './links.js';
import { list, metadataField, scalar } from './patch.js';
import { advancedListing, searchRoute } from './query.js';
import { checkNewExternalIds, wordedRefusals } from './references.js';

export interface CdfEvent {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly source?: string | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

const assetIdList = array(idNumber, { max: 10_000 });
const createCheck = itemsOf(
  object({
    externalId: externalIdText,
    dataSetId: idNumber,
    startTime: timestamp,
    endTime: timestamp,
    type: text({ max: 64 }),
    subtype: text({ max: 64 }),
    description: text({ max: 500 }),
    metadata: metadata(METADATA_LIMITS.events),
    assetIds: assetIdList,
    source: text({ max: 128 }),
  }),
);

const patchFields = {
  externalId: scalar(externalIdText),
  dataSetId: scalar(idNumber),
  startTime: scalar(timestamp),
  endTime: scalar(timestamp),
  type: scalar(text({ max: 64 })),
  subtype: scalar(text({ max: 64 })),
  description: scalar(text({ max: 500 })),
  metadata: metadataField(METADATA_LIMITS.events),
  assetIds: list(idNumber, { max: 10_000, nullable: true }),
  source: scalar(text({ max: 128 })),
};

const queryParameters: Readonly<Record<string, QueryParameter>> = {
  type: { as: 'text', to: 'type' },
  subtype: { as: 'text', to: 'subtype' },
  source: { as: 'text', to: 'source' },
  assetIds: { as: 'json', to: 'assetIds' },
  assetExternalIds: { as: 'json', to: 'assetExternalIds' },
  assetSubtreeIds: { as: 'ids', to: 'assetSubtreeIds' },
  assetSubtreeExternalIds: { as: 'externalIds', to: 'assetSubtreeIds' },
  dataSetIds: { as: 'ids', to: 'dataSetIds' },
  metadata: { as: 'json', to: 'metadata' },
  externalIdPrefix: { as: 'text', to: 'externalIdPrefix' },
  ...rangeParameters('startTime', 'endTime', 'createdTime', 'lastUpdatedTime', 'activeAtTime'),
};

/** The endpoints under `/events`. */
export function eventRoutes(state: State): Route[] {
  const kind = eventKind(state);
  const filter = eventFilter(state);
  const extra = advancedListing(eventProperties, undefined, { emptySort: true });
  return [
    post('/events', (body, call) => create(state, kind, parse(createCheck, body).items, call.requestId), 201),
    byIdRoute(kind),
    getListRoute(kind, filter, queryParameters, { extra }),
    listRoute(kind, filter, { extra }),
    searchRoute(kind, filter, { members: { description: { max: 500, of: ['description'] } } }),
    aggregateRoute(kind, filter, eventProperties, {
      allText: false,
      counted: true,
      fields: ['type', 'subtype', 'dataSetId'],
    }),
    byIdsRoute(kind),
    updateRoute(state, kind, patchFields, {
      complete: (after) => {
        checkAll(state, [after]);
        return after;
      },
    }),
    deleteRoute(state, kind),
  ];
}

export function eventKind(state: State): Kind<CdfEvent> {
  return {
    path: '/events',
    name: 'events',
    collection: state.events,
    refusals: wordedRefusals('Event'),
    textOf: plainText,
  };
}

type EventCreate = Omit<CdfEvent, 'id' | 'createdTime' | 'lastUpdatedTime'>;

function create(state: State, kind: Kind<CdfEvent>, items: readonly EventCreate[], requestId: string): object {
  checkAll(state, items);
  checkNewExternalIds(state.events, items, kind.refusals);
  const now = state.clock.now();
  const events = items.map((item) => ({ ...item, id: state.events.newId(), createdTime: now, lastUpdatedTime: now }));
  const createAll = (): readonly CdfEvent[] => {
    state.events.createAll(events);
    return events;
  };
  state.write(requestId, kind.name, 'create', createAll, keysOf);
  return itemsText(kind, events);
}

function checkAll(state: State, items: readonly EventCreate[]): void {
  for (const { startTime, endTime } of items) {
    if (startTime !== undefined && endTime !== undefined && endTime < startTime) {
      throw badRequest('endTime must not be before startTime');
    }
  }
  checkDataSets(state, items);
  checkAssets(state, items);
}
