import type { CallOptions } from '@cdf/core';
import type { DatapointsApi } from '@cdf/datapoints';
import type { Plottable, PlottableNode, PlottableSeries } from './plottable.js';

/**
 * The series of nodes, each at the place of its node: charts know series by their ids. One request.
 *
 * @param list nodes, and series that stay as they are
 */
export async function seriesOfNodes(
  api: DatapointsApi,
  list: readonly Plottable[],
  window: { readonly start: number; readonly end: number },
  call: CallOptions | undefined,
): Promise<PlottableSeries[]> {
  const nodes = new Map(
    list.flatMap((each) => ('space' in each ? [[keyOf(each), each] as const] : [])),
  );
  const items = [...nodes.values()].map(({ space, externalId }) => ({
    instanceId: { space, externalId },
  }));
  const found = await api.retrieve({ items, ...window, limit: 1 }, call);
  const points = new Map([...nodes.keys()].map((key, index) => [key, found[index]]));
  return list.flatMap((each): PlottableSeries[] => {
    if (!('space' in each)) return [each];
    const own = points.get(keyOf(each));
    if (own === undefined) return [];
    const { externalId, name } = each;
    const { id, isString } = own;
    return [{ id, externalId, isString, ...(typeof name === 'string' && { name }) }];
  });
}

function keyOf({ space, externalId }: PlottableNode): string {
  // A space has no such character.
  return `${space}/${externalId}`;
}
