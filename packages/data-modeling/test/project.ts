import { createTransport, Token, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { p, view } from '@cdf/data-modeling';
import { parseExact, stringifyExact } from '../../emulator/test/data-modeling-reference/exact-json.js';
import { naiveModel } from '../../emulator/test/data-modeling-reference/naive-model.js';

export const Area = view('acme', 'Area', 'v1', {
  name: p.text(),
  get parent() {
    return p.ref(() => Area);
  },
  get pumps() {
    return p.reverse(() => Pump, 'area');
  },
});

export const Pump = view('acme', 'Pump', 'v3', {
  name: p.text(),
  power: p.float().optional(),
  count: p.int().default(1),
  serial: p.bigint().optional(),
  status: p.oneOf('on', 'off'),
  tags: p.text().many().optional(),
  commissioned: p.timestamp().optional(),
  details: p.json<{ maker?: string }>().optional(),
  area: p.ref(() => Area),
  get friends() {
    return p.ref(() => Pump).many();
  },
  get orders() {
    return p.reverse(() => WorkOrder, 'pumps');
  },
  get feeds() {
    return p.edges(() => Pump, { type: { space: 'acme', externalId: 'feeds' }, properties: () => Feed });
  },
  get fedBy() {
    return p.edges(() => Pump, { type: { space: 'acme', externalId: 'feeds' }, direction: 'inwards' });
  },
});

export const WorkOrder = view('acme', 'WorkOrder', 'v1', {
  title: p.text(),
  due: p.date().optional(),
  pumps: p.ref(() => Pump).many(),
});

export const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });

const container = (externalId: string) => ({ type: 'container', space: 'acme', externalId });
const source = (externalId: string, version: string) => ({ type: 'view', space: 'acme', externalId, version });
const mapped = (name: string, property: string, target?: object) => [
  property,
  { container: container(name), containerPropertyIdentifier: property, ...(target && { source: target }) },
];

export async function createSchema(transport: Transport): Promise<void> {
  const post = (path: string, items: object[]): Promise<unknown> =>
    transport.request({ method: 'POST', path: `/models${path}`, body: { items }, idempotent: true });
  const text = { type: { type: 'text' } };
  await post('/spaces', [{ space: 'acme' }, { space: 'plant' }]);
  await post('/containers', [
    {
      space: 'acme',
      externalId: 'Area',
      properties: { name: { ...text, nullable: false }, parent: { type: { type: 'direct' } } },
    },
    {
      space: 'acme',
      externalId: 'Pump',
      properties: {
        name: { ...text, nullable: false },
        power: { type: { type: 'float64' } },
        count: { type: { type: 'int32' }, nullable: false, defaultValue: 1 },
        serial: { type: { type: 'int64' } },
        status: { type: { type: 'enum', values: { on: {}, off: {} } }, nullable: false },
        tags: { type: { type: 'text', list: true } },
        commissioned: { type: { type: 'timestamp' } },
        details: { type: { type: 'json' } },
        area: { type: { type: 'direct' } },
        friends: { type: { type: 'direct', list: true } },
      },
    },
    {
      space: 'acme',
      externalId: 'WorkOrder',
      properties: {
        title: { ...text, nullable: false },
        due: { type: { type: 'date' } },
        pumps: { type: { type: 'direct', list: true } },
      },
    },
    {
      space: 'acme',
      externalId: 'Feed',
      usedFor: 'edge',
      properties: { flow: { type: { type: 'float64' }, nullable: false } },
    },
  ]);
  const pump = source('Pump', 'v3');
  await post('/views', [
    {
      space: 'acme',
      externalId: 'Area',
      version: 'v1',
      properties: Object.fromEntries([mapped('Area', 'name'), mapped('Area', 'parent', source('Area', 'v1'))]),
    },
    {
      space: 'acme',
      externalId: 'Pump',
      version: 'v3',
      properties: Object.fromEntries([
        ...['name', 'power', 'count', 'serial', 'status', 'tags', 'commissioned', 'details'].map((name) =>
          mapped('Pump', name),
        ),
        mapped('Pump', 'area', source('Area', 'v1')),
        mapped('Pump', 'friends', pump),
      ]),
    },
    {
      space: 'acme',
      externalId: 'WorkOrder',
      version: 'v1',
      properties: Object.fromEntries([
        mapped('WorkOrder', 'title'),
        mapped('WorkOrder', 'due'),
        mapped('WorkOrder', 'pumps', pump),
      ]),
    },
    { space: 'acme', externalId: 'Feed', version: 'v1', properties: Object.fromEntries([mapped('Feed', 'flow')]) },
  ]);
}

export interface Project extends AsyncDisposable {
  readonly transport: Transport;
}

export async function startProject(): Promise<Project> {
  const model = naiveModel();
  const transport = memoryTransport((spec) => {
    const path = spec.path.replace('/models/', '');
    const body =
      spec.body instanceof Uint8Array
        ? parseExact(new TextDecoder().decode(spec.body))
        : parseExact(stringifyExact(spec.body));
    const { status, body: answer } = model.call(spec.method as 'POST', path, body);
    if (status >= 400) return Response.json(answer, { status });
    const json = stringifyExact(answer);
    return spec.accept === 'bytes' ? new TextEncoder().encode(json) : JSON.parse(json);
  });
  await createSchema(transport);
  return { transport, [Symbol.asyncDispose]: () => transport.close() };
}
void createTransport;
void Token;
