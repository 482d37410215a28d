import { type AnyView, DataModelingApi, p, push, view } from '@cdf/data-modeling';
import type { EmulatorOptions } from '@cdf/emulator';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';

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
    return p.edges(() => Pump, {
      type: { space: 'acme', externalId: 'feeds' },
      properties: () => Feed,
    });
  },
  get fedBy() {
    return p.edges(() => Pump, {
      type: { space: 'acme', externalId: 'feeds' },
      direction: 'inwards',
    });
  },
});

export const WorkOrder = view('acme', 'WorkOrder', 'v1', {
  title: p.text(),
  due: p.date().optional(),
  pumps: p.ref(() => Pump).many(),
});

export const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });

export type Project = Emulated;

/** An emulator over sockets, with some views and the spaces `acme` and `plant`. */
export async function startProject(
  options: EmulatorOptions = {},
  views: readonly AnyView[] = [Area, Pump, WorkOrder, Feed],
): Promise<Project> {
  const project = await emulated({}, options);
  const { transport } = project;
  await new DataModelingApi(transport).spaces.upsert([{ space: 'plant' }]);
  if (views.length > 0) await push(transport, views);
  return project;
}
