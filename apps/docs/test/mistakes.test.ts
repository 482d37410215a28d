import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { CdfClient, type ClientConfig, OAuthClientCredentials, Token } from '@cdf/sdk';
import { fromPath } from '@cdf/sdk/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const GUIDE = readFileSync(
  fileURLToPath(new URL('../guides/errors-and-retries.md', import.meta.url)),
  'utf8',
);
/** The rows of the guide about each mistake. */
const ROWS = (GUIDE.split('## Common messages')[1] ?? '')
  .split('\n## ')[0]
  ?.split('\n')
  .flatMap((line) => {
    const [, mistake, message] = /^\| (.+) \| `(.+)` \|$/.exec(line) ?? [];
    return mistake === undefined || message === undefined ? [] : [{ mistake, message }];
  });

const HOUR = 3_600_000;
const SECRET = 'a secret that nobody may see';
let emulator: Emulator;
let config: ClientConfig;
let token: string;

/** The same client, with a mistake in its settings. */
const but = (settings: object): CdfClient =>
  new CdfClient({ ...config, retry: { limit: 0 }, ...settings } as ClientConfig);
const series = { externalId: 'pump-1-temperature' };
/** Arguments that only plain JavaScript can pass. */
const untyped = (value: unknown): never => value as never;

/** How each mistake is made; the client is right. */
const MAKE: Readonly<Record<string, (client: CdfClient) => unknown>> = {
  'a client without a config': () => new CdfClient(),
  '`CdfClient.fromEnv()` without its variables': () => {
    for (const name of ['PROJECT', 'CLUSTER', 'URL', 'TOKEN', 'CLIENT_ID'])
      vi.stubEnv(`CDF_${name}`, undefined);
    return CdfClient.fromEnv();
  },
  'a token from a variable that is not set': () => new Token(untyped(process.env.NOT_SET_TOKEN)),
  'a token that has expired': async () => {
    const expired = await emulator.issueToken({ lifetimeSeconds: 60 });
    emulator.clock.advance(HOUR);
    return await but({ credentials: new Token(expired) }).assets.list();
  },
  'a wrong secret': () => {
    const { tokenUrl, clientId } = emulator;
    const credentials = new OAuthClientCredentials({
      tokenUrl,
      clientId,
      clientSecret: SECRET,
      scopes: [],
    });
    return but({ credentials }).assets.list();
  },
  'a wrong project': () => but({ project: 'nowhere' }).assets.list(),
  'no server at `baseUrl`': async () => {
    const gone = await startEmulator();
    await gone.close();
    return await but({ baseUrl: gone.url }).assets.list();
  },
  'no network, or a wrong host name': () =>
    but({ baseUrl: 'https://nowhere.invalid' }).assets.list(),
  'an id that does not exist': ({ assets }) =>
    assets.retrieveMultiple([{ id: 1 }, { externalId: 'nowhere' }]),
  'a start after the end': ({ datapoints }) =>
    datapoints.retrieve({ ...series, start: 'now', end: '1d-ago' }),
  "an invalid time, such as `'yesterday'`": ({ datapoints }) =>
    datapoints.retrieve({ ...series, start: 'yesterday' }),
  'a local time that clocks skip': ({ datapoints }) =>
    datapoints.retrieve({ ...series, start: '2024-03-31 02:30', timeZone: 'Europe/Oslo' }),
  'a wrong granularity': ({ datapoints }) =>
    datapoints.retrieve({ ...series, aggregates: ['max'], granularity: untyped('1x') }),
  'aggregates without granularity': ({ datapoints }) =>
    datapoints.retrieve(untyped({ ...series, aggregates: ['max'] })),
  'an aggregate that does not exist': ({ datapoints }) =>
    datapoints.retrieve({ ...series, aggregates: untyped(['avg']), granularity: '1h' }),
  'a misspelled option': ({ datapoints }) =>
    datapoints.retrieve(untyped({ ...series, strat: '1d-ago' })),
  'an unknown option of a call': ({ assets }) => assets.list({}, untyped({ timeout: 5000 })),
  'a misspelled filter': ({ timeSeries }) => timeSeries.list({ filter: untyped({ unti: 'bar' }) }),
  'a plot of an empty window': async ({ timeSeries }) =>
    (await timeSeries.retrieve(series))?.plot({ start: '1990-01-01', end: '1990-01-02' }),
  'a file that does not exist': ({ files }) =>
    files.upload(fromPath('nowhere.pdf'), { name: 'nowhere.pdf' }),
  'a path where content is expected': ({ files }) =>
    files.upload(untyped('june.pdf'), { name: 'june.pdf' }),
  'an asset below one that does not exist': ({ assets }) =>
    assets.createHierarchy([{ name: 'a', externalId: 'a', parentExternalId: 'nowhere' }]),
  'a hierarchy that goes in a circle': ({ assets }) =>
    assets.createHierarchy([
      { name: 'a', externalId: 'a', parentExternalId: 'b' },
      { name: 'b', externalId: 'b', parentExternalId: 'a' },
    ]),
  'an emulator on a port that is taken': () =>
    startEmulator({ port: Number(new URL(emulator.url).port) }),
};

describe('what the guide says of common mistakes', () => {
  beforeAll(async () => {
    emulator = await startEmulator({ seed: 'small' });
    token = await emulator.issueToken({ lifetimeSeconds: 10 * 3600 });
    const { project, url: baseUrl } = emulator;
    config = { clientName: 'mistakes', project, baseUrl, credentials: new Token(token) };
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => emulator.close());

  it('is said of each that is made here', () => {
    expect(ROWS?.map(({ mistake }) => mistake)).toEqual(Object.keys(MAKE));
  });

  it.each(ROWS ?? [])('is what happens: $mistake', async ({ mistake, message }) => {
    const error = await (async () => MAKE[mistake]?.(new CdfClient(config)))().then(
      () => undefined,
      (cause: Error) => cause,
    );
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain('    at ');
    expect(error?.message).not.toContain(SECRET);
    expect(error?.message).not.toContain(token);
  });
});
