import { EmulatorError } from '../errors.js';
import type { Item } from '../model/common.js';
import type { Seed, SeedName } from '../options.js';
import type { State } from '../state.js';
import type { Collection } from '../storage/collection.js';
import { plantSeed } from './plant.js';
import { smallSeed } from './small.js';

const NAMED: Readonly<Record<Exclude<SeedName, 'none'>, (now: number) => Seed>> = {
  small: smallSeed,
  plant: plantSeed,
};

type Handle = (request: Request) => Promise<Response>;

/** Stores a seed through the API itself, so that it obeys the same rules as everything else. */
export async function seedEmulator(
  seed: SeedName | Seed,
  state: State,
  base: string,
  apiKey: string,
  handle: Handle,
): Promise<void> {
  if (seed === 'none') return;
  const content = typeof seed === 'string' ? NAMED[seed](state.clock.now()) : seed;
  const send = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'api-key': apiKey, 'content-type': 'application/json' };
    const response = await handle(
      new Request(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
    const text = await response.text();
    if (!response.ok) throw new EmulatorError(`the seed was refused at ${path}: ${text}`);
    return JSON.parse(text);
  };
  const create = async (
    path: string,
    items: readonly object[] | undefined,
    size = 1000,
  ): Promise<void> => {
    for (let from = 0; from < (items?.length ?? 0); from += size)
      await send(path, {
        items: items?.slice(from, from + size).map((item) => linked(state, item)),
      });
  };
  await create('/datasets', content.dataSets, 10);
  await create('/labels', content.labels);
  await create('/assets', content.assets);
  await create('/timeseries', content.timeseries);
  await create('/events', content.events);
  await create('/timeseries/data', content.datapoints, 1);
  for (const { file, content: bytes } of content.files ?? []) {
    const { uploadUrl } = (await send('/files', linked(state, file))) as { uploadUrl: string };
    if (bytes === undefined) continue;
    const response = await handle(
      new Request(uploadUrl, { method: 'PUT', body: bytes as BodyInit }),
    );
    if (!response.ok)
      throw new EmulatorError(`the seed's file was refused: ${await response.text()}`);
  }
  await create('/models/spaces', content.spaces, 100);
  await create('/models/containers', content.containers, 100);
  await create('/models/views', content.views, 100);
  await create('/models/datamodels', content.dataModels, 100);
  await create('/timeseries/set-pending-instance-ids', content.pendingInstanceIds?.timeseries);
  await create('/files/set-pending-instance-ids', content.pendingInstanceIds?.files);
  await create('/models/instances', content.instances);
}

/**
 * A seed cannot know ids: it names assets and data sets by their external ids, and the API gets the
 * ids.
 */
function linked(state: State, item: object): object {
  const { dataSetExternalId, assetExternalId, assetExternalIds, ...rest } = item as {
    readonly dataSetExternalId?: string;
    readonly assetExternalId?: string;
    readonly assetExternalIds?: readonly string[];
  };
  const idOf = <T extends Item>(collection: Collection<T>, externalId: string): number => {
    const found = collection.getByExternalId(externalId);
    if (found === undefined)
      throw new EmulatorError(`the seed names ${externalId}, which does not exist`);
    return found.id;
  };
  const { dataSets, assets } = state;
  return {
    ...rest,
    ...(dataSetExternalId === undefined ? {} : { dataSetId: idOf(dataSets, dataSetExternalId) }),
    ...(assetExternalId === undefined ? {} : { assetId: idOf(assets, assetExternalId) }),
    ...(assetExternalIds === undefined
      ? {}
      : { assetIds: assetExternalIds.map((each) => idOf(assets, each)) }),
  };
}
