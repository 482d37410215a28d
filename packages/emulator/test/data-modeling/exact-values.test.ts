import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '@cdf/emulator';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOf, type Json } from '../helpers.js';
import { demo, node } from './helpers.js';

const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-exact-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MASS = { type: 'view', space: 'demo', externalId: 'Mass', version: 'v1' };
const UNIT = { externalId: 'mass:kilogm' };
const LARGE = '884324181205335268';

/** Large values in a container of their own, sent with all their digits. */
async function masses(
  options: Parameters<typeof demo>[0],
): Promise<Awaited<ReturnType<typeof demo>>> {
  const made = await demo(options);
  const properties = {
    f: { type: { type: 'float64', unit: UNIT } },
    i: { type: { type: 'int64', unit: UNIT } },
    j: { type: { type: 'json' } },
  };
  await made.ok('/containers', { items: [{ space: 'demo', externalId: 'Mass', properties }] });
  const container = { type: 'container', space: 'demo', externalId: 'Mass' };
  const mapped = Object.keys(properties).map((name) => [
    name,
    { container, containerPropertyIdentifier: name },
  ]);
  await made.ok('/views', {
    items: [{ ...MASS, type: undefined, properties: Object.fromEntries(mapped) }],
  });
  return made;
}

const APPLY = `{"items":[{"instanceType":"node","space":"demo","externalId":"m","sources":[{"source":${JSON.stringify(MASS)},
  "properties":{"f":1e18,"i":${LARGE},"j":{"x":1e18,"y":${LARGE}}}}]}]}`;

/** The apply as text: JavaScript's numbers would lose digits. */
async function apply(emulator: Emulator): Promise<Json> {
  const response = await emulator.fetch(
    `${emulator.url}/api/v1/projects/${emulator.project}/models/instances`,
    {
      method: 'POST',
      headers: { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/json' },
      body: APPLY,
    },
  );
  return (await response.json()).items;
}

/**
 * Applying again changes nothing, filters find the float, and both numbers convert to another unit
 * (with 12 digits).
 */
async function expectAsWritten(emulator: Emulator): Promise<void> {
  const { post } = clientOf(emulator);
  expect(await apply(emulator)).toMatchObject([{ wasModified: false, version: 1 }]);
  const filter = { equals: { property: ['demo', 'Mass/v1', 'f'], value: 1e18 } };
  expect(
    (await post('/models/instances/list', { sources: [{ source: MASS }], filter })).body.items,
  ).toHaveLength(1);
  const targetUnits = ['f', 'i'].map((property) => ({ property, unit: { externalId: 'mass:gm' } }));
  const { status, body } = await post('/models/instances/byids', {
    items: [node('m')],
    sources: [{ source: MASS, targetUnits }],
  });
  expect(status).toBe(200);
  expect(body.items[0].properties.demo['Mass/v1']).toMatchObject({ f: 1e21, i: 884_324_181_205e9 });
}

describe('large whole numbers', () => {
  it('stay floats or exact integers as they were, after a restart', async () => {
    const { emulator } = await masses({ dataFolder: folder });
    await apply(emulator);
    await expectAsWritten(emulator);
    await emulator.close();
    const again = createEmulator({ dataFolder: folder });
    await expectAsWritten(again);
    await again.close();
  });

  it('are defaults with all their digits, of each part of the schema and of nodes', async () => {
    const dataFolder = join(folder, 'defaults');
    const { emulator } = await demo({ dataFolder });
    const send = async (to: Emulator, path: string, body: string): Promise<string> => {
      const response = await to.fetch(`${to.url}/api/v1/projects/${to.project}/models${path}`, {
        method: 'POST',
        headers: { 'api-key': to.apiKey ?? '', 'content-type': 'application/json' },
        body,
      });
      const text = await response.text();
      expect(`${response.status} ${text}`).toMatch(/^200 /);
      return text;
    };
    const name = '"space":"demo","externalId":"Counted"';
    const least = '-9223372036854775808';
    const container = `{"items":[{${name},"properties":{
      "a":{"type":{"type":"int64"},"defaultValue":${LARGE}},
      "b":{"type":{"type":"int64"},"defaultValue":${least}},
      "c":{"type":{"type":"text"}}}}]}`;
    const mapped = (property: string): string =>
      `"${property}":{"container":{"type":"container",${name}},"containerPropertyIdentifier":"${property}"}`;
    const view = `{${name},"version":"v1"`;
    const source = `${view},"type":"view"}`;
    const expected = [`:${LARGE},`, `:${least},`];
    const expectAll = (text: string): void => {
      for (const part of expected) expect(text).toContain(part);
    };
    expectAll(await send(emulator, '/containers', container));
    expectAll(await send(emulator, '/containers', container));
    expectAll(
      await send(
        emulator,
        '/views',
        `{"items":[${view},"properties":{${['a', 'b', 'c'].map(mapped)}}}]}`,
      ),
    );
    await send(
      emulator,
      '/instances',
      `{"items":[{"instanceType":"node","space":"demo","externalId":"x","sources":[{"source":${source},"properties":{"c":"x"}}]}]}`,
    );
    const expectEverywhere = async (one: Emulator): Promise<void> => {
      expectAll(await send(one, '/containers/byids', `{"items":[{${name}}]}`));
      expectAll(await send(one, '/views/byids', `{"items":[${view}}]}`));
      const typed = `"includeTyping":true,"sources":[{"source":${source}}]`;
      const of = '"instanceType":"node"';
      const list = await send(one, '/instances/list', `{${of},${typed}}`);
      expect(list).toContain(`"a":${LARGE}`);
      expect(list).toContain(`"b":${least}`);
      expectAll(list);
      const named = `{${of},"space":"demo","externalId":"x"}`;
      expectAll(await send(one, '/instances/byids', `{"items":[${named}],${typed}}`));
      expectAll(
        await send(one, '/instances/search', `{"view":${source},"includeTyping":true,"query":"x"}`),
      );
      expectAll(
        await send(
          one,
          '/instances/query',
          `{"with":{"n":{"nodes":{}}},"select":{"n":{"sources":[{"source":${source},"properties":["*"]}]}},"includeTyping":true}`,
        ),
      );
    };
    await expectEverywhere(emulator);
    await emulator.close();
    const again = createEmulator({ dataFolder });
    await expectEverywhere(again);
    await again.close();
  });

  it('stay floats or exact integers as they were, after a snapshot was restored', async () => {
    const { emulator } = await masses({});
    await apply(emulator);
    emulator.saveSnapshot('large');
    emulator.restoreSnapshot('large');
    await expectAsWritten(emulator);
  });
});
