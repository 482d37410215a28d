import type { CdfClient } from '@cdf/sdk';
import { nodes, p, push, view } from '@cdf/sdk/data-modeling';
import { fact } from '../account.js';

const Station = view('weather', 'Station', 'v1', {
  name: p.text(),
  altitude: p.float({ unit: 'length:m' }).optional(),
  get replaces() {
    return p.ref(() => Station);
  },
});

/** One view, three nodes and a typed query. */
export async function dataModeling(cdf: CdfClient): Promise<void> {
  await push(cdf, [Station]);
  const stations = nodes(cdf, Station, { space: 'weather' });
  const { created } = await stations.create([
    { externalId: 'mauna-loa', name: 'Mauna Loa', altitude: 3397 },
    { externalId: 'seattle', name: 'Seattle', altitude: 137 },
    {
      externalId: 'mauna-kea',
      name: 'Mauna Kea',
      altitude: 3390,
      replaces: { space: 'weather', externalId: 'mauna-loa' },
    },
  ]);
  fact('nodes created', created);

  const high = await stations.find({
    where: { altitude: { gte: 1000 } },
    orderBy: { name: 'asc' },
    with: { replaces: true },
  });
  const found = high.map(({ name, replaces }) =>
    replaces === undefined ? name : `${name}, for ${replaces.name}`,
  );
  fact('stations above 1,000 m', found.join('; '));
}
