import type { AssetCreate, CdfClient } from '@cdf/sdk';
import { fact, line } from '../account.js';
import { type Measurement, STATIONS } from '../source/weather.js';

export const ROOT = 'weather';

/**
 * Create an asset hierarchy: network, regions, stations, sensors. Parents are named by external id;
 * the order does not matter.
 */
export async function assets(cdf: CdfClient, measurements: readonly Measurement[]): Promise<void> {
  const regions = [...new Set(Object.values(STATIONS).map(({ region }) => region))];
  const hierarchy: AssetCreate[] = [
    // Sensors first: createHierarchy sorts parents before children.
    ...measurements.map(({ externalId, name, station }) => ({
      externalId: `sensor:${externalId}`,
      name,
      parentExternalId: stationId(station),
    })),
    ...Object.entries(STATIONS).map(([station, { region, description }]) => ({
      externalId: stationId(station),
      name: station,
      description,
      parentExternalId: regionId(region),
    })),
    ...regions.map((region) => ({
      externalId: regionId(region),
      name: region,
      parentExternalId: ROOT,
    })),
    {
      externalId: ROOT,
      name: 'Weather network',
      metadata: { source: 'npm package vega-datasets' },
    },
  ];
  const created = await cdf.assets.createHierarchy(hierarchy);
  fact('assets in the hierarchy', created.length);

  // One more, the plain way: below a parent that exists already.
  const root = created.get({ externalId: ROOT });
  const asset = await cdf.assets.create({
    name: 'my first asset',
    ...(root === undefined ? {} : { parentId: root.id }),
  });
  fact('and one more', `${asset.name}, id ${asset.id}`);

  const tree = await cdf.assets.select({ externalId: ROOT }).subtree();
  for (const row of tree.tree().toString().split('\n')) line(row);
}

export function stationId(station: string): string {
  return `station:${station}`;
}

function regionId(region: string): string {
  return `region:${region}`;
}
