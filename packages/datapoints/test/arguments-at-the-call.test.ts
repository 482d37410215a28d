import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { expect, it } from 'vitest';

interface Name {
  externalId: string;
}

it.each<[string, (datapoints: DatapointsApi, name: Name) => unknown]>([
  ['retrieve', (datapoints, name) => datapoints.retrieve(name)],
  ['retrieve of several', (datapoints, name) => datapoints.retrieve({ items: [name] })],
  ['retrieveLatest', (datapoints, name) => datapoints.retrieveLatest({ items: [name] })],
  ['insert', (datapoints, name) => datapoints.insert(name, [{ timestamp: 1, value: 2 }])],
  [
    'deleteRanges',
    (datapoints, name) => datapoints.deleteRanges([Object.assign(name, { start: 1, end: 2 })]),
  ],
  [
    'stream',
    async (datapoints, name) => {
      const batches = datapoints.stream({ items: [name] });
      await undefined;
      for await (const { datapoints: list } of batches) expect(list).toHaveLength(0);
    },
  ],
])('%s takes its arguments as they are at the call', async (_, call) => {
  const transport = memoryTransport(() => ({ items: [] }));
  const name = { externalId: 'first' };
  const done = Promise.resolve(call(new DatapointsApi(transport), name)).catch(() => {});
  name.externalId = 'second';
  await done;
  const textOf = (body: unknown): string =>
    body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);
  const sent = transport.requests.map(({ body }) => textOf(body)).join();
  expect(sent).toContain('first');
  expect(sent).not.toContain('second');
});
