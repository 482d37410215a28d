import type { InsertSource } from '@cdf/datapoints';
import type { InsertPlan } from './datapoints-data.js';
import { insertData } from './datapoints-floor.js';
import { ourApi } from './datapoints-readers.js';
import type { Contender } from './scenario.js';

interface SingleRow {
  readonly id: number;
  readonly timestamp: number;
  readonly value: number;
}

/** The same rows at once, and one by one as sources give them. They are made beforehand. */
export function sources(plan: InsertPlan): Readonly<Record<string, Contender>> {
  const rows = (): SingleRow[] =>
    insertData(plan).flatMap(({ id, timestamps, values }) =>
      Array.from(timestamps, (timestamp, index) => ({
        id,
        timestamp,
        value: values[index] as number,
      })),
    );
  const from = (toSource: (rows: readonly SingleRow[]) => InsertSource): Contender => ({
    async prepare(target) {
      const [api, all] = [await ourApi(target), rows()];
      return { run: () => api.insertFrom(toSource(all)) };
    },
  });
  return {
    insertMany: {
      async prepare(target) {
        const api = await ourApi(target);
        const inputs = insertData(plan).map(({ id, timestamps, values }) => ({
          id,
          datapoints: Array.from(timestamps, (timestamp, index) => ({
            timestamp,
            value: values[index] as number,
          })),
        }));
        return { run: () => api.insertMany(inputs) };
      },
    },
    'insertFrom an async generator': from(asGenerator),
    'insertFrom a generator': from((all) => all.values()),
    'insertFrom blocks of 1,000': from(inBlocks),
    'insertFrom a ReadableStream': from(asStream),
  };
}

async function* asGenerator(rows: readonly SingleRow[]): AsyncGenerator<SingleRow> {
  for (const row of rows) yield row;
}

async function* inBlocks(rows: readonly SingleRow[]): AsyncGenerator<readonly SingleRow[]> {
  for (let from = 0; from < rows.length; from += 1000) yield rows.slice(from, from + 1000);
}

function asStream(rows: readonly SingleRow[]): ReadableStream<SingleRow> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const row = rows[next++];
      if (row === undefined) controller.close();
      else controller.enqueue(row);
    },
  });
}
