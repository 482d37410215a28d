import { dataFile } from '../data-file.js';
import { array, needed, object, parse } from '../validation/schema.js';
import { type ContainerCreate, containerCheck } from './container-body.js';
import { containerKey, versionedKey } from './keys.js';
import type { Container, DataModel, Space, Stored, View } from './model.js';
import { type DataModelCreate, dataModelCheck, type ViewCreate, viewCheck } from './view-body.js';

/** The schema that every project has from the start. */
export interface CoreModel {
  readonly spaces: ReadonlyMap<string, Stored<Space>>;
  readonly containers: ReadonlyMap<string, Stored<Container>>;
  readonly views: ReadonlyMap<string, Stored<View>>;
  readonly dataModels: ReadonlyMap<string, Stored<DataModel>>;
}

/** The containers whose nodes are more than nodes. */
export const CORE_CODES = {
  asset: 'cdf_cdm:CogniteAsset',
  timeSeries: 'cdf_cdm:CogniteTimeSeries',
  file: 'cdf_cdm:CogniteFile',
  describable: 'cdf_cdm:CogniteDescribable',
  unit: 'cdf_cdm:CogniteUnit',
} as const;

/** When the core model was released. */
const RELEASED = Date.UTC(2024, 9, 1);

const check = object({
  note: (value): unknown => value,
  spaces: needed((value): Space[] => value as Space[]),
  containers: needed(array(containerCheck)),
  views: needed(array(viewCheck)),
  dataModel: needed(dataModelCheck),
});

let loaded: CoreModel | undefined;

/** The core model, read at first use: an emulator without models never does. */
export function coreModel(): CoreModel {
  loaded ??= readCore();
  return loaded;
}

function readCore(): CoreModel {
  const { spaces, containers, views, dataModel } = parse(
    check,
    JSON.parse(dataFile('cognite-core.json')),
  );
  return {
    spaces: stored(spaces, ({ space }) => space),
    containers: stored(containers.map(completeContainer), containerKey),
    views: stored(views.map(completeView), versionedKey),
    dataModels: stored([completeModel(dataModel)], versionedKey),
  };
}

export function completeContainer(given: ContainerCreate): Container {
  return {
    ...given,
    usedFor: given.usedFor ?? 'node',
    constraints: given.constraints ?? {},
    indexes: given.indexes ?? {},
  };
}

export function completeView(given: ViewCreate): View {
  return { ...given, implements: given.implements ?? [], properties: given.properties ?? {} };
}

function completeModel(given: DataModelCreate): DataModel {
  return { ...given, views: (given.views ?? []) as DataModel['views'] };
}

function stored<T>(bodies: readonly T[], keyOf: (body: T) => string): Map<string, Stored<T>> {
  return new Map(
    bodies.map((body, index) => {
      const externalId = keyOf(body);
      const times = { createdTime: RELEASED, lastUpdatedTime: RELEASED };
      return [
        externalId,
        { id: index, externalId, body, isGlobal: true, code: externalId, ...times },
      ];
    }),
  );
}
