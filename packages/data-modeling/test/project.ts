import type { Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { p, push, view } from '@cdf/data-modeling';
import { parseExact, stringifyExact } from '../../emulator/test/data-modeling-reference/exact-json.js';
import { naiveModel } from '../../emulator/test/data-modeling-reference/naive-model.js';
import { coreModel } from '../../emulator/test/data-modeling-reference/subjects.js';

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

export interface Project extends AsyncDisposable {
  readonly transport: Transport;
}

export async function startProject(): Promise<Project> {
  const model = naiveModel(coreModel());
  const transport = memoryTransport((spec) => {
    const path = spec.path.replace('/models/', '');
    const body =
      spec.body instanceof Uint8Array
        ? parseExact(new TextDecoder().decode(spec.body))
        : spec.body === undefined
          ? {}
          : parseExact(stringifyExact(spec.body));
    const search = new URLSearchParams(
      Object.entries(spec.query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
    const { status, body: answer } = model.call(
      spec.method as 'POST',
      search.size > 0 ? `${path}?${search}` : path,
      body,
    );
    if (status >= 400) return Response.json(answer, { status });
    const json = stringifyExact(answer);
    return spec.accept === 'bytes' ? new TextEncoder().encode(json) : JSON.parse(json);
  });
  await transport.request({
    method: 'POST',
    path: '/models/spaces',
    body: { items: [{ space: 'plant' }] },
    idempotent: true,
  });
  await push(transport, [Area, Pump, WorkOrder, Feed]);
  return { transport, [Symbol.asyncDispose]: () => transport.close() };
}
