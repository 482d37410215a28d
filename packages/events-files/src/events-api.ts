import type { Transport } from '@cdf/core';
import {
  byCreatedTime,
  ResourceApi,
  type ResourceClass,
  type ResourceDefinition,
} from '@cdf/core/resource';
import type { CdfEvent, EventOperations, EventTypes } from './event-types.js';

const EVENTS: ResourceDefinition<CdfEvent> = {
  path: '/events',
  noun: 'events',
  fields: {
    externalId: 'required',
    dataSetId: 'nullable',
    startTime: 'time',
    endTime: 'time',
    type: 'nullable',
    subtype: 'nullable',
    description: 'nullable',
    metadata: 'metadata',
    assetIds: 'list',
    source: 'nullable',
  },
  windows: ['startTime', 'endTime', 'activeAtTime'],
  order: byCreatedTime,
  assets: 5000,
  options: { list: ['advancedFilter', 'sort'] },
};

const EventResource: ResourceClass<CdfEvent, EventOperations> = ResourceApi<EventTypes>;

/**
 * Events of assets, such as alarms, maintenance and production runs. Times may be given as numbers,
 * dates or strings such as `'2d-ago'`.
 */
export class EventsApi extends EventResource {
  constructor(transport: Transport) {
    super(transport, EVENTS);
  }
}
