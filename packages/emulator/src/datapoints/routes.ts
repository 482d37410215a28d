import type { WrittenItem } from '../control/logs.js';
import { badRequest } from '../errors.js';
import { type Call, parseJson, post, type Route } from '../http/route.js';
import type { Reference } from '../model/common.js';
import type { TimeSeries } from '../model/time-series.js';
import type { State } from '../state.js';
import type { Columns } from '../storage/columns.js';
import { find, resolve, timeSeriesRefusals } from '../storage/references.js';
import { conversionTo } from '../units/catalog.js';
import { exactlyOneKey, externalIdText, idNumber, instanceId } from '../validation/common.js';
import { array, type Check, integer, needed, object, parse, where } from '../validation/schema.js';
import { jsonAnswer, protobufAnswer } from './answer.js';
import { type InsertItem, readJsonInsert, readProtobufInsert } from './insert-body.js';
import { latestCheck, listCheck, pointQuery, qualityOf } from './query.js';
import { readAll, readLatest } from './read.js';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, readTime } from './times.js';

const PROTOBUF = 'application/protobuf';

interface DeleteItem extends Reference {
  readonly inclusiveBegin: number;
  readonly exclusiveEnd?: number | undefined;
}

const deleteCheck: Check<{ items: DeleteItem[] }> = object({
  items: needed(
    array(
      where(
        object({
          id: idNumber,
          externalId: externalIdText,
          instanceId,
          inclusiveBegin: needed(integer()),
          exclusiveEnd: integer(),
        }) as Check<DeleteItem>,
        exactlyOneKey,
      ),
      { min: 1, max: 10_000 },
    ),
  ),
});

/** The endpoints under `/timeseries/data`. */
export function dataPointRoutes(state: State): Route[] {
  return [
    {
      method: 'POST',
      path: '/timeseries/data',
      handle: async (call) => {
        insert(state, await readInsert(call), call.requestId);
        return {};
      },
    },
    post('/timeseries/data/list', (body, call) => list(state, body, call)),
    post('/timeseries/data/latest', (body) => latest(state, body)),
    post('/timeseries/data/delete', (body, call) =>
      remove(state, parse(deleteCheck, body).items, call.requestId),
    ),
  ];
}

async function readInsert(call: Call): Promise<InsertItem[]> {
  const data = await call.bytes();
  const type = call.headers.get('content-type') ?? '';
  return type.startsWith(PROTOBUF)
    ? readProtobufInsert(data)
    : readJsonInsert(parseJson(data.toString()));
}

/** Inserts everything or nothing. */
function insert(state: State, items: readonly InsertItem[], requestId: string): void {
  const references = items.map(({ reference }) => reference);
  const series = resolve(state.timeseries, references, timeSeriesRefusals);
  const columns = items.map(({ read }, index) => read(series[index] as TimeSeries));
  const store = (): WrittenItem[] =>
    series.map(({ id, externalId }, index): WrittenItem => {
      const points = columns[index]?.timestamps.length ?? 0;
      if (points > 0) {
        state.points.insert(id, columns[index] as Columns);
        state.subscriptionLog.inserted(
          series[index] as TimeSeries,
          columns[index] as Columns,
          requestId,
        );
      }
      return { id, externalId, points };
    });
  state.write(requestId, 'datapoints', 'insert', store, (written) => written);
}

function list(state: State, body: unknown, call: Call): object {
  const request = parse(listCheck, body);
  const now = state.clock.now();
  const known = request.items.filter(
    (item) => request.ignoreUnknownIds !== true || find(state.timeseries, item) !== undefined,
  );
  const series = resolve(state.timeseries, known, timeSeriesRefusals, { allowRepeated: true });
  const queries = known.map((item, index) =>
    pointQuery(item, request, series[index] as TimeSeries, now),
  );
  const results = readAll(state, queries);
  if (!(call.headers.get('accept') ?? '').includes(PROTOBUF)) return jsonAnswer(results);
  return new Response(protobufAnswer(results) as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': PROTOBUF },
  });
}

function latest(state: State, body: unknown): object {
  const { items, ignoreUnknownIds } = parse(latestCheck, body);
  const now = state.clock.now();
  const known = items.filter(
    (item) => ignoreUnknownIds !== true || find(state.timeseries, item) !== undefined,
  );
  const series = resolve(state.timeseries, known, timeSeriesRefusals, { allowRepeated: true });
  const results = known.map((item, index) => {
    const own = series[index] as TimeSeries;
    const conversion = conversionTo(own.unitExternalId, item.targetUnit, item.targetUnitSystem);
    const query = { series: own, conversion, aggregates: undefined, ...qualityOf(item) };
    return readLatest(state, query, readTime(item.before ?? now, now, 'before'));
  });
  return jsonAnswer(results);
}

function remove(state: State, items: readonly DeleteItem[], requestId: string): object {
  const series = resolve(state.timeseries, items, timeSeriesRefusals, { allowRepeated: true });
  for (const { inclusiveBegin, exclusiveEnd } of items) {
    if (exclusiveEnd !== undefined && inclusiveBegin >= exclusiveEnd)
      throw badRequest('inclusiveBegin must be before exclusiveEnd');
    if (inclusiveBegin < MIN_TIMESTAMP || (exclusiveEnd ?? 0) > MAX_TIMESTAMP + 1)
      throw badRequest('The range is outside the years 1900 to 2099');
  }
  const removeAll = (): WrittenItem[] =>
    series.map(({ id, externalId }, index): WrittenItem => {
      const { inclusiveBegin, exclusiveEnd = inclusiveBegin + 1 } = items[index] as DeleteItem;
      state.subscriptionLog.deleted(
        series[index] as TimeSeries,
        inclusiveBegin,
        exclusiveEnd,
        requestId,
      );
      return { id, externalId, points: state.points.deleteRange(id, inclusiveBegin, exclusiveEnd) };
    });
  state.write(requestId, 'datapoints', 'delete', removeAll, (written) => written);
  return {};
}
