import { DatapointsApi } from '@cdf/datapoints';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';

let project: Emulated;
let api: DatapointsApi;
const query = { aggregates: ['average'], granularity: '1h', start: '2d-ago' } as const;

beforeAll(async () => {
  project = await emulated();
  api = new DatapointsApi(project.transport);
  const items = [{ externalId: 'flow' }, { externalId: 'state', isString: true }];
  const path = '/timeseries';
  await project.transport.request({ method: 'POST', path, body: { items }, idempotent: false });
});
afterAll(() => project?.[Symbol.asyncDispose]());

it('aggregates of a series of strings are an error that names it', async () => {
  await expect(api.retrieve({ externalId: 'state', ...query })).rejects.toThrow(
    'externalId "state" holds strings: read it without aggregates',
  );
});

it('of several series, it names those that were asked for, and says how to tell', async () => {
  const items = [{ externalId: 'flow' }, { externalId: 'state' }];
  await expect(api.retrieve({ items, ...query })).rejects.toThrow(
    'one of externalId "flow", externalId "state" holds strings: timeSeries.retrieveMultiple says which, by isString',
  );
});

it('of a raw series beside them it says nothing', async () => {
  const items = [{ externalId: 'flow' }, { externalId: 'state', ...query }];
  await expect(api.retrieve({ items, start: '2d-ago' } as never)).rejects.toThrow(
    /; externalId "state" holds strings/,
  );
});
