import { memoryTransport } from '@cdf/core/testing';
import { EventsApi } from '@cdf/events-files/events';
import { expect, it } from 'vitest';

it.each<[string, (events: EventsApi, name: { externalId: string }) => PromiseLike<unknown>]>([
  ['retrieve', (events, name) => events.retrieve(name)],
  ['retrieveMultiple', (events, name) => events.retrieveMultiple([name])],
  ['delete', (events, name) => events.delete([name])],
  ['list', (events, name) => events.list({ filter: { metadata: name } })],
  ['search', (events, name) => events.search({ filter: { metadata: name } })],
])('%s takes its arguments as they are at the call', async (_, call) => {
  const transport = memoryTransport(() => ({ items: [] }));
  const name = { externalId: 'first' };
  const done = Promise.resolve(call(new EventsApi(transport), name)).catch(() => {});
  name.externalId = 'second';
  await done;
  const sent = JSON.stringify(transport.requests.map(({ body }) => body));
  expect(sent).toContain('first');
  expect(sent).not.toContain('second');
});

it('a filter that changes while a list is read stays that of the call', async () => {
  const transport = memoryTransport(({ body }) => {
    const { cursor } = body as { cursor?: string };
    return cursor === undefined
      ? { items: [{ id: 1 }], nextCursor: 'more' }
      : { items: [{ id: 2 }] };
  });
  const filter = { type: 'first', metadata: { shift: 'night' } };
  const counted = new EventsApi(transport).aggregate.count({ filter });
  for await (const { id } of new EventsApi(transport).list({ filter })) {
    expect(id).toBeGreaterThan(0);
    filter.type = 'second';
    filter.metadata.shift = 'day';
  }
  await counted.catch(() => {});
  const sent = JSON.stringify(transport.requests.map(({ body }) => body));
  expect(transport.requests).toHaveLength(3);
  expect(sent).not.toMatch(/second|day/);
});
