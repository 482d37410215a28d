// Pulls the core model, a plant's, and one with every property and default from an emulator, as
// modules that the compilers read.
import { writeFileSync } from 'node:fs';
import { startEmulator } from '@cdf/emulator';
import { CdfClient, Token } from '@cdf/sdk';
import { nodes, p, pull, push, view } from '@cdf/sdk/data-modeling';

const feeds = { space: 'acme', externalId: 'feeds' };
const Area = view('acme', 'Area', 'v1', {
  name: p.text(),
  get pumps() {
    return p.reverse(() => Pump, 'area');
  },
});
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  tags: p.text().many().optional(),
  get area() {
    return p.ref(() => Area);
  },
  get next() {
    return p.edges(() => Pump, { type: feeds, properties: () => Feed });
  },
});
const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
const plain = {
  text: p.text({ maxSize: 20 }),
  bool: p.bool(),
  int: p.int({ unit: 'length:m' }),
  bigint: p.bigint(),
  float: p.float({ unit: 'power:kilow' }),
  small: p.float({ bits: 32 }),
  timestamp: p.timestamp(),
  date: p.date(),
  json: p.json(),
  enum: p.oneOf('round', 'square'),
  classic: p.classic('timeseries'),
};
const defaults = {
  text: "it's",
  bool: false,
  int: 5,
  bigint: 5n,
  float: 0.5,
  small: 2,
  timestamp: new Date(0),
  date: '2024-07-01',
  json: { a: { 'b c': [1, 'x'] } },
  enum: 'round',
  classic: 'pump-1',
};
const each = (make) =>
  Object.fromEntries(Object.entries(plain).flatMap(([name, made]) => make(name, made)));
const Everything = view('acme', 'Everything', 'v1', {
  ...plain,
  ...each((name, made) => [
    [`${name}Optional`, made.optional().describe(`May be absent: ${name} */`)],
    [`${name}Default`, made.default(defaults[name])],
    [`${name}OptionalDefault`, made.optional().default(defaults[name]).immutable()],
    ...(name === 'enum' ? [] : [[`${name}List`, made.many({ maxListSize: 7 }).optional()]]),
  ]),
  'not-a-name': p.text().optional(),
  constructor: p.text().optional(),
  node: p.node(),
  nodeDefault: p.node().default({ space: 'acme', externalId: 'x' }),
  series: p.timeSeries(),
  file: p.file(),
  get self() {
    return p.ref(() => Everything);
  },
  get others() {
    return p.ref(() => Everything).many();
  },
  get back() {
    return p.reverse(() => Everything, 'self', { single: true });
  },
});

const emulator = await startEmulator();
const client = new CdfClient({
  clientName: 'matrix',
  project: emulator.project,
  baseUrl: emulator.url,
  credentials: new Token(() => emulator.issueToken()),
});
await push(client, [Area, Pump, Feed, Everything]);
await nodes(client, Everything, { space: 'acme' }).list();
const models = { Plant: [Area, Pump, Feed], Everything: [Everything] };
await client.dataModeling.dataModels.upsert(
  Object.entries(models).map(([externalId, views]) => ({
    space: 'acme',
    externalId,
    version: 'v1',
    views: views.map(({ space, externalId: id, version }) => ({
      type: 'view',
      space,
      externalId: id,
      version,
    })),
  })),
);
for (const [space, externalId] of [
  ['cdf_cdm', 'CogniteCore'],
  ['acme', 'Plant'],
  ['acme', 'Everything'],
])
  for (const declarations of [false, true]) {
    const module = declarations ? '@cdf/data-modeling' : '@cdf/sdk/data-modeling';
    const model = { space, externalId, version: 'v1' };
    const text = await pull(client, model, { declarations, module });
    writeFileSync(`pulled-${externalId}${declarations ? '-declared' : ''}.ts`, text);
  }
await client.close();
await emulator.close();
