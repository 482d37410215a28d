import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff, p, pull, push, view } from '@cdf/data-modeling';
import { downloadToDirectory, uploadDirectory } from '@cdf/events-files/node';
import { CdfClient as FullClient, type TimeSeries, Token } from '@cdf/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calledBy, MANNERS } from './callers.js';
import { canonical } from './canonical.js';
import { OPERATIONS, type Operation } from './operations.js';
import { clientCalledBy, END, START, startLibrary, startWorkshop, type World } from './world.js';

// Every operation, by callers that do with their arguments what a method may not expect.

const { fleeting } = MANNERS;
const isLong = process.env.CDF_TEST_LONG === '1';

let library: World;
let workshop: World;

beforeAll(async () => {
  library = await startLibrary();
  workshop = await startWorkshop();
});
afterAll(async () => {
  await library[Symbol.asyncDispose]();
  await workshop[Symbol.asyncDispose]();
});

/** All of them for callers that take their arguments back; of the others a part of each turn. */
function operationsOf(manner: string): [string, Operation][] {
  const turn = Object.keys(MANNERS).indexOf(manner);
  return OPERATIONS.filter((_, index) => isLong || turn === 0 || index % 4 === turn).map(
    (operation) => [operation.name, operation],
  );
}

describe.each(Object.entries(MANNERS))('a %s caller', (manner, of) => {
  it.each(operationsOf(manner))('is answered as others are: %s', async (name, operation) => {
    const { write } = operation;
    const { honest } = write === undefined ? library : workshop;
    const client = clientCalledBy(of, honest);
    if (write === undefined) {
      expect(canonical(await operation.run(client, undefined))).toBe(
        canonical(await operation.run(honest, undefined)),
      );
      return;
    }
    const input = await write.prepare(honest, `${manner}-${name}`);
    const result = await operation.run(client, input);
    const stored = await write.stored(honest, input);
    expect([...stored.values()]).not.toContain(false);
    if (write.expected !== undefined)
      expect(canonical(result)).toBe(canonical(await write.expected(honest, input)));
    await write.clean?.(honest, input);
  });
});

it('a caller that takes its arguments back is noticed by what reads them late', async () => {
  const api = calledBy(fleeting, {
    late: async (query: { filter: { name: string } }) => {
      await undefined;
      return query.filter?.name;
    },
    early: async ({ filter }: { filter: { name: string } }) => {
      const { name } = filter;
      await undefined;
      return name;
    },
  });
  expect(await api.late({ filter: { name: 'pump' } })).toBeUndefined();
  expect(await api.early({ filter: { name: 'pump' } })).toBe('pump');
});

it('functions take their arguments as they are at the call: those that push, compare and pull views', async () => {
  const schema = calledBy(fleeting, { push, diff, pull });
  const { honest } = workshop;
  const views = [view('fleeting', 'Kettle', 'v1', { name: p.text() })];
  expect(await schema.diff(honest, views)).toHaveLength(3);
  await schema.push(honest, views, { allowDataLoss: false });
  expect(await schema.diff(honest, views)).toEqual([]);
  await honest.dataModeling.dataModels.upsert([
    {
      space: 'fleeting',
      externalId: 'Kitchen',
      version: 'v1',
      views: [{ type: 'view', space: 'fleeting', externalId: 'Kettle', version: 'v1' }],
    },
  ]);
  const model = { space: 'fleeting', externalId: 'Kitchen', version: 'v1' };
  const text = await schema.pull(honest, model, { declarations: true });
  expect(text).toContain('Kettle');
  expect(text).toBe(await pull(honest, model, { declarations: true }));
});

it('functions take their arguments as they are at the call: those that move files', async () => {
  const { honest } = workshop;
  const { files } = clientCalledBy(fleeting, honest);
  const folder = await mkdtemp(join(tmpdir(), 'cdf-fleeting-'));
  try {
    const bytes = new Blob(['steam']);
    await files.upload(bytes, { externalId: 'steam', name: 'steam.txt' }, { verify: true });
    await files.uploadContent({ externalId: 'steam' }, new Blob(['water']), { verify: true });
    expect(new TextDecoder().decode(await files.download({ externalId: 'steam' }))).toBe('water');
    const node = calledBy(fleeting, { downloadToDirectory, uploadDirectory });
    const names = [{ externalId: 'steam' }];
    await node.downloadToDirectory(honest.files, names, folder, { parallelFiles: 1 });
    expect(await readFile(join(folder, 'steam.txt'), 'utf8')).toBe('water');
    await writeFile(join(folder, 'steam.txt'), 'ice');
    const options = {
      directory: '/kitchen',
      include: /steam/,
      describe: () => ({ source: 'tap' }),
    };
    const [stored] = await node.uploadDirectory(honest.files, folder, options);
    expect(stored?.file).toMatchObject({ directory: '/kitchen', source: 'tap' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('functions take their arguments as they are at the call: charts of series', async () => {
  const { emulator, token } = library;
  const client = new FullClient({
    clientName: 'fleeting',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(token),
  });
  const series = (await client.timeSeries.retrieve({ externalId: 'series-3' })) as TimeSeries;
  const options = {
    start: START,
    end: END,
    title: 'Steam',
    thresholds: [{ value: 12, label: 'most' }],
  };
  const wanted = (await series.plot(options)).toSvg();
  expect((await calledBy(fleeting, series).plot(options)).toSvg()).toBe(wanted);
  await client.close();
});
