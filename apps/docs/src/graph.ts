import type { CdfClient } from '@cdf/sdk';
import { nodes, p, push, view } from '@cdf/sdk/data-modeling';

// The plant of the guides as a graph.

export const Area = view('acme', 'Area', 'v1', {
  name: p.text(),
  get pumps() {
    return p.reverse(() => Pump, 'area');
  },
});

export const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  status: p.oneOf('on', 'off'),
  tags: p.text().many().optional(),
  get area() {
    return p.ref(() => Area);
  },
  get orders() {
    return p.reverse(() => WorkOrder, 'pumps');
  },
});

export const WorkOrder = view('acme', 'WorkOrder', 'v1', {
  title: p.text(),
  due: p.timestamp().optional(),
  pumps: p.ref(() => Pump).many(),
});

/** Two areas, three pumps and two work orders. */
export async function buildGraph(client: CdfClient): Promise<void> {
  await push(client, [Area, Pump, WorkOrder]);
  const at = (externalId: string) => ({ space: 'acme', externalId });
  await nodes(client, Area).create([
    { ...at('A'), name: 'Hall A' },
    { ...at('B'), name: 'Hall B' },
  ]);
  await nodes(client, Pump).create([
    { ...at('P-1'), name: 'P 1', power: 12, status: 'on', tags: ['critical'], area: at('A') },
    { ...at('P-2'), name: 'P 2', power: 5, status: 'off', area: at('A') },
    { ...at('P-3'), name: 'P 3', status: 'on', area: at('B') },
  ]);
  await nodes(client, WorkOrder).create([
    {
      ...at('W-1'),
      title: 'Replace the seal',
      due: new Date('2026-07-01'),
      pumps: [at('P-1'), at('P-2')],
    },
    { ...at('W-2'), title: 'Inspect', pumps: [at('P-1')] },
  ]);
}
