import type { CallOptions, Transport } from '@cdf/core';
import { bindMethods, readObject } from '@cdf/core/resource';
import type { NodeReference, ViewReference } from '../view/definition.js';
import { inLane } from '../wire/in-lane.js';
import { InstancesApi } from './instances-api.js';
import { SchemaEndpoint } from './schema-endpoint.js';
import type { SchemaKind, SchemaQuery } from './schema-kind.js';
import type {
  Container,
  ContainerWrite,
  DataModel,
  DataModelWrite,
  Space,
  SpaceWrite,
  ViewDefinition,
  ViewWrite,
} from './schema-types.js';

/** Which containers a list has. */
export interface ContainerQuery extends SchemaQuery {
  readonly space?: string | undefined;
}

/** Which views a list has. */
export interface ViewQuery extends ContainerQuery {
  /** @default false: the newest of each */
  readonly allVersions?: boolean | undefined;
  /** Includes the properties of implemented views. @default true */
  readonly includeInheritedProperties?: boolean | undefined;
}

/** Which data models a list has. */
export interface DataModelQuery extends ContainerQuery {
  /** @default false: the newest of each */
  readonly allVersions?: boolean | undefined;
  /** Includes whole views in place of their names. @default false */
  readonly inlineViews?: boolean | undefined;
}

/** A view or data model: one version of it, or all. */
export type VersionedName = Pick<ViewReference, 'space' | 'externalId'> & {
  readonly version?: string | undefined;
};

interface SpaceName {
  readonly space: string;
}

const SPACES: SchemaKind<SpaceName> = {
  path: 'spaces',
  noun: 'spaces',
  names: ['space'],
  listOptions: [],
  readOptions: [],
};
const CONTAINERS: SchemaKind<NodeReference> = {
  path: 'containers',
  noun: 'containers',
  names: ['space', 'externalId'],
  listOptions: ['space'],
  readOptions: [],
};
const VIEWS: SchemaKind<VersionedName> = {
  path: 'views',
  noun: 'views',
  names: ['space', 'externalId', 'version'],
  listOptions: ['space', 'allVersions', 'includeInheritedProperties'],
  readOptions: ['includeInheritedProperties'],
};
const DATA_MODELS: SchemaKind<VersionedName> = {
  path: 'datamodels',
  noun: 'data models',
  names: ['space', 'externalId', 'version'],
  listOptions: ['space', 'allVersions', 'inlineViews'],
  readOptions: ['inlineViews'],
};

/**
 * How much of a project is used, and how much there may be. Fields that are not named here are
 * kept.
 */
export interface GraphStatistics {
  readonly instances: Readonly<Record<string, number>>;
  readonly [name: string]: unknown;
}

/**
 * Data modeling in the API's own shapes: the schema of a project, and its instances.
 *
 * @example
 * const api = new DataModelingApi(transport);
 * for await (const view of api.views.list({ space: 'acme' })) console.log(view.externalId);
 */
export class DataModelingApi {
  readonly spaces: SchemaEndpoint<Space, SpaceName, SpaceWrite, SchemaQuery, object>;
  readonly containers: SchemaEndpoint<
    Container,
    NodeReference,
    ContainerWrite,
    ContainerQuery,
    object
  >;
  readonly views: SchemaEndpoint<
    ViewDefinition,
    VersionedName,
    ViewWrite,
    ViewQuery,
    { readonly includeInheritedProperties?: boolean | undefined }
  >;
  readonly dataModels: SchemaEndpoint<
    DataModel,
    VersionedName,
    DataModelWrite,
    DataModelQuery,
    { readonly inlineViews?: boolean | undefined }
  >;
  readonly instances: InstancesApi;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.spaces = new SchemaEndpoint(transport, SPACES);
    this.containers = new SchemaEndpoint(transport, CONTAINERS);
    this.views = new SchemaEndpoint(transport, VIEWS);
    this.dataModels = new SchemaEndpoint(transport, DATA_MODELS);
    this.instances = new InstancesApi(transport);
    bindMethods(this);
  }

  /** How much of the project is used, and its limits. One request. */
  async statistics(options?: CallOptions): Promise<GraphStatistics> {
    const path = '/models/statistics';
    const spec = {
      method: 'GET',
      path,
      idempotent: true,
      ...inLane(this.#transport, 'query'),
    } as const;
    const statistics = readObject(
      await this.#transport.request(spec, options),
      `GET ${path}`,
    ) as GraphStatistics;
    readObject(statistics.instances, `GET ${path}: instances`);
    return statistics;
  }
}
