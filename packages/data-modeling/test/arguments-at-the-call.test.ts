import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, nodes } from '@cdf/data-modeling';
import { expect, it } from 'vitest';
import { Pump } from './project.js';

/** The bodies of what was sent, as text. */
function recording() {
  const transport = memoryTransport(() => ({ items: [] }));
  const sent = (): string => JSON.stringify(transport.requests.map(({ body }) => body));
  return { pumps: nodes(transport, Pump, { space: 'plant' }), transport, sent };
}
type Pumps = ReturnType<typeof recording>['pumps'];

it.each<[string, (pumps: Pumps, name: { externalId: string }) => PromiseLike<unknown>]>([
  ['retrieve', (pumps, name) => pumps.retrieve(name)],
  ['retrieveMultiple', (pumps, name) => pumps.retrieveMultiple([name], { ignoreUnknownIds: true })],
  ['delete', (pumps, name) => pumps.delete([name])],
  ['search', (pumps, name) => pumps.search('x', { where: { and: [name] } })],
  ['aggregate', (pumps, name) => pumps.aggregate({ count: true, where: { and: [name] } })],
  ['list', (pumps, name) => pumps.list({ where: { and: [name] } })],
])('%s takes its arguments as they are at the call', async (_, call) => {
  const { pumps, sent } = recording();
  const name = { externalId: 'first' };
  const done = Promise.resolve(call(pumps, name)).catch(() => {});
  name.externalId = 'second';
  await done;
  expect(sent()).toContain('first');
  expect(sent()).not.toContain('second');
});

it('names in an array that changes after the call stay those of the call', async () => {
  const { pumps, sent } = recording();
  const names = [{ externalId: 'first' }];
  const done = pumps.delete(names).catch(() => {});
  names[0] = { externalId: 'second' };
  names.push({ externalId: 'third' });
  await done;
  expect(sent()).toMatch(/first/);
  expect(sent()).not.toMatch(/second|third/);
});

it('the schema is read and deleted by the names of the call', async () => {
  const { transport, sent } = recording();
  const { spaces } = new DataModelingApi(transport);
  const name = { space: 'first' };
  const done = Promise.all([spaces.retrieve(name), spaces.delete([name]).catch(() => {})]);
  name.space = 'second';
  await done;
  expect(sent()).not.toContain('second');
});
