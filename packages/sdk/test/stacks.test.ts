import { startEmulator } from '@cdf/emulator';
import { CdfClient, type CdfError, ConfigError, Token } from '@cdf/sdk';
import { describe, expect, it } from 'vitest';

const PATHS = [
  ...['/assets', '/assets/list', '/assets/byids', '/assets/update', '/assets/delete'],
  ...['/timeseries/data', '/timeseries/data/list', '/timeseries/data/latest'],
  ...['/files/downloadlink', '/events/aggregate'],
];

const CALLS: Readonly<Record<string, (client: CdfClient) => PromiseLike<unknown>>> = {
  'a list': ({ assets }) => assets.list(),
  'a whole list': ({ assets }) => assets.list({ limit: Infinity }),
  retrieve: ({ assets }) => assets.retrieve({ id: 1 }),
  create: ({ assets }) => assets.create([{ name: 'a' }]),
  update: ({ assets }) => assets.update([{ id: 1, name: 'a' }]),
  upsert: ({ assets }) => assets.upsert([{ externalId: 'a', name: 'a' }]),
  delete: ({ assets }) => assets.delete([{ id: 1 }]),
  'a hierarchy': ({ assets }) => assets.createHierarchy([{ externalId: 'a', name: 'a' }]),
  'data points': ({ datapoints }) => datapoints.retrieve({ externalId: 'a' }),
  'latest points': ({ datapoints }) => datapoints.retrieveLatest({ externalId: 'a' }),
  'an insert': ({ datapoints }) =>
    datapoints.insert({ externalId: 'a' }, [{ timestamp: 1, value: 1 }]),
  'an insert of a wrong point': ({ datapoints }) =>
    datapoints.insert({ externalId: 'a' }, [{ timestamp: 'x' as never, value: 1 }]),
  'a download': ({ files }) => files.download({ id: 1 }),
  'a count': ({ events }) => events.aggregate.count(),
};

describe('the stack of an error', () => {
  it.each(Object.keys(CALLS))('of %s leads to the line of the caller', async (name) => {
    await using emulator = await startEmulator();
    await using client = new CdfClient({
      ...{ clientName: 'test', project: emulator.project, baseUrl: emulator.url },
      ...{ credentials: new Token(await emulator.issueToken()), retry: { limit: 0 } },
    });
    for (const path of PATHS) emulator.faults.add({ path, status: 400 });
    const limit = Error.stackTraceLimit;
    // As in a program: test runners raise the limit.
    Error.stackTraceLimit = 10;
    async function lineOfTheCaller(): Promise<unknown> {
      return await CALLS[name]?.(client);
    }
    const error: CdfError = await lineOfTheCaller().then(
      () => expect.fail('it did not fail'),
      (reason) => reason,
    );
    expect(Error.stackTraceLimit).toBe(10);
    Error.stackTraceLimit = limit;
    expect(error.stack).toContain('lineOfTheCaller');
  });

  it.each([0, 3, 50, 100])('has %i frames at most where the program says so', (own) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = own;
    const { stack = '' } = new ConfigError('wrong');
    const after = Error.stackTraceLimit;
    Error.stackTraceLimit = limit;
    expect(after).toBe(own);
    expect(stack.split('\n    at ').length - 1).toBeLessThanOrEqual(own);
  });
});
