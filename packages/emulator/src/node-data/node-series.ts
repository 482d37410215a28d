import { badRequest } from '../errors.js';
import { itemMaker } from '../fields/derive.js';
import { TIME_SERIES } from '../fields/time-series.js';
import type { Entry } from '../instances/entry.js';
import type { TimeSeries } from '../model/time-series.js';
import { CORE_CODES } from '../schema/core.js';
import { unitOf } from '../units/catalog.js';
import { textAt } from './values.js';

/** The defaults of a new series. */
const blank = itemMaker<Partial<TimeSeries>>(TIME_SERIES) as (given: object) => TimeSeries;

/**
 * The time series that a node is. The fields that the node has come from the node; the others stay.
 */
export function seriesOf(
  entry: Entry,
  before: TimeSeries | undefined,
): Omit<TimeSeries, 'id' | 'createdTime' | 'lastUpdatedTime'> {
  const row = entry.data[CORE_CODES.timeSeries] ?? {};
  const isString = row.type === 'string';
  if (before !== undefined && before.isString !== isString)
    throw badRequest(
      `The node '${entry.key}' of type ${String(row.type)} cannot take over a time series of type ${before.type}.`,
    );
  const unit = textAt(entry, CORE_CODES.timeSeries, 'sourceUnit');
  const unitExternalId = isString ? undefined : catalogued(row.unit);
  const { pendingInstanceId: _taken, ...kept } = before ?? blank({});
  return {
    ...kept,
    instanceId: { space: entry.space, externalId: entry.externalId },
    name: textAt(entry, CORE_CODES.describable, 'name'),
    description: textAt(entry, CORE_CODES.describable, 'description'),
    isString,
    type: isString ? 'string' : 'numeric',
    isStep: row.isStep === true,
    unit,
    unitExternalId,
  };
}

/** The unit of the catalogue for which a node stands. */
function catalogued(key: unknown): string | undefined {
  if (typeof key !== 'string') return undefined;
  return unitOf(key.slice(key.indexOf(':') + 1))?.externalId;
}
