// Made from the core model by `node --conditions=@cdf/source --import tsx packages/data-modeling/test/core-source.ts`, and formatted.
// A test compares it with the model.

import { type NodeReference, type Property, p, type View, view } from './view/public.js';

/** Properties of Cognite3DTransformation/v1. */
export interface Cognite3DTransformationProperties {
  readonly eulerRotationX: Property<'float', number, 'nullable'>;
  readonly eulerRotationY: Property<'float', number, 'nullable'>;
  readonly eulerRotationZ: Property<'float', number, 'nullable'>;
  readonly scaleX: Property<'float', number, 'nullable'>;
  readonly scaleY: Property<'float', number, 'nullable'>;
  readonly scaleZ: Property<'float', number, 'nullable'>;
  readonly translationX: Property<'float', number, 'nullable'>;
  readonly translationY: Property<'float', number, 'nullable'>;
  readonly translationZ: Property<'float', number, 'nullable'>;
}
/** The type of the view Cognite3DTransformation/v1. */
export interface Cognite3DTransformationView extends View<Cognite3DTransformationProperties> {}
/** The view Cognite3DTransformation/v1 of cdf_cdm. */
export const Cognite3DTransformation: Cognite3DTransformationView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite3DTransformation',
  'v1',
  () => ({
    eulerRotationX: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    eulerRotationY: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    eulerRotationZ: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    scaleX: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    scaleY: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    scaleZ: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    translationX: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    translationY: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
    translationZ: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DTransformation' } }),
  }),
  () => ({ usedFor: 'all' }),
);

/** Properties of CogniteCubeMap/v1. */
export interface CogniteCubeMapProperties {
  readonly back: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly bottom: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly front: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly left: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly right: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly top: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
}
/** The type of the view CogniteCubeMap/v1. */
export interface CogniteCubeMapView extends View<CogniteCubeMapProperties> {}
/** The view CogniteCubeMap/v1 of cdf_cdm. */
export const CogniteCubeMap: CogniteCubeMapView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteCubeMap',
  'v1',
  () => ({
    back: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
    bottom: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
    front: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
    left: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
    right: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
    top: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCubeMap' } }),
  }),
);

/** Properties of Cognite360Image/v1. */
export interface Cognite360ImageProperties
  extends Cognite3DTransformationProperties,
    CogniteCubeMapProperties {
  readonly collection360: Property<'ref', NodeReference, 'nullable', Cognite360ImageCollectionView>;
  readonly station360: Property<'ref', NodeReference, 'nullable', Cognite360ImageStationView>;
  readonly takenAt: Property<'timestamp', Date, 'nullable'>;
}
/** The type of the view Cognite360Image/v1. */
export interface Cognite360ImageView extends View<Cognite360ImageProperties> {}
/** The view Cognite360Image/v1 of cdf_cdm. */
export const Cognite360Image: Cognite360ImageView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite360Image',
  'v1',
  () => ({
    collection360: p
      .ref(() => Cognite360ImageCollection)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite360Image' } }),
    station360: p
      .ref(() => Cognite360ImageStation)
      .storedIn({
        container: { space: 'cdf_cdm_3d', externalId: 'Cognite360Image' },
        property: 'group3d',
      }),
    takenAt: p
      .timestamp()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite360Image' } }),
  }),
  () => ({ implements: [Cognite3DTransformation, CogniteCubeMap] }),
);

/** Properties of CogniteDescribable/v1. */
export interface CogniteDescribableProperties {
  readonly aliases: Property<'text', string, 'list' | 'nullable'>;
  readonly description: Property<'text', string, 'nullable'>;
  readonly name: Property<'text', string, 'nullable'>;
  readonly tags: Property<'text', string, 'list' | 'nullable'>;
}
/** The type of the view CogniteDescribable/v1. */
export interface CogniteDescribableView extends View<CogniteDescribableProperties> {}
/** The view CogniteDescribable/v1 of cdf_cdm. */
export const CogniteDescribable: CogniteDescribableView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteDescribable',
  'v1',
  () => ({
    aliases: p.text().many().optional(),
    description: p.text().optional(),
    name: p.text().optional(),
    tags: p.text().many().optional(),
  }),
  () => ({ name: 'Describable', usedFor: 'all' }),
);

/** Properties of CogniteSourceable/v1. */
export interface CogniteSourceableProperties {
  readonly source: Property<'ref', NodeReference, 'nullable', CogniteSourceSystemView>;
  readonly sourceContext: Property<'text', string, 'nullable'>;
  readonly sourceCreatedTime: Property<'timestamp', Date, 'nullable'>;
  readonly sourceCreatedUser: Property<'text', string, 'nullable'>;
  readonly sourceId: Property<'text', string, 'nullable'>;
  readonly sourceUpdatedTime: Property<'timestamp', Date, 'nullable'>;
  readonly sourceUpdatedUser: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteSourceable/v1. */
export interface CogniteSourceableView extends View<CogniteSourceableProperties> {}
/** The view CogniteSourceable/v1 of cdf_cdm. */
export const CogniteSourceable: CogniteSourceableView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteSourceable',
  'v1',
  () => ({
    source: p.ref(() => CogniteSourceSystem),
    sourceContext: p.text().optional(),
    sourceCreatedTime: p.timestamp().optional(),
    sourceCreatedUser: p.text().optional(),
    sourceId: p.text().optional(),
    sourceUpdatedTime: p.timestamp().optional(),
    sourceUpdatedUser: p.text().optional(),
  }),
  () => ({ name: 'Sourceable', usedFor: 'all' }),
);

/** Properties of CogniteAnnotation/v1. */
export interface CogniteAnnotationProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly confidence: Property<'float', number, 'nullable'>;
  readonly status: Property<'enum', 'Approved' | 'Rejected' | 'Suggested', 'nullable'>;
}
/** The type of the view CogniteAnnotation/v1. */
export interface CogniteAnnotationView extends View<CogniteAnnotationProperties> {}
/** The view CogniteAnnotation/v1 of cdf_cdm. */
export const CogniteAnnotation: CogniteAnnotationView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteAnnotation',
  'v1',
  () => ({
    confidence: p.float().optional(),
    status: p.oneOf('Approved', 'Rejected', 'Suggested').optional(),
  }),
  () => ({
    implements: [CogniteDescribable, CogniteSourceable],
    name: 'Annotation',
    usedFor: 'edge',
  }),
);

/** Properties of Cognite360ImageAnnotation/v1. */
export interface Cognite360ImageAnnotationProperties
  extends Omit<CogniteDescribableProperties, 'aliases' | 'description' | 'name' | 'tags'>,
    Omit<
      CogniteSourceableProperties,
      | 'source'
      | 'sourceContext'
      | 'sourceCreatedTime'
      | 'sourceCreatedUser'
      | 'sourceId'
      | 'sourceUpdatedTime'
      | 'sourceUpdatedUser'
    >,
    CogniteAnnotationProperties {
  readonly formatVersion: Property<'text', string, 'nullable'>;
  readonly polygon: Property<'float', number, 'list' | 'nullable'>;
}
/** The type of the view Cognite360ImageAnnotation/v1. */
export interface Cognite360ImageAnnotationView extends View<Cognite360ImageAnnotationProperties> {}
/** The view Cognite360ImageAnnotation/v1 of cdf_cdm. */
export const Cognite360ImageAnnotation: Cognite360ImageAnnotationView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite360ImageAnnotation',
  'v1',
  () => ({
    formatVersion: p
      .text()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite360ImageAnnotation' } }),
    polygon: p
      .float()
      .many()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite360ImageAnnotation' } }),
  }),
  () => ({
    implements: [CogniteDescribable, CogniteSourceable, CogniteAnnotation],
    usedFor: 'edge',
  }),
);

/** Properties of Cognite3DRevision/v1. */
export interface Cognite3DRevisionProperties {
  readonly model3D: Property<'ref', NodeReference, 'nullable', Cognite3DModelView>;
  readonly published: Property<'bool', boolean, 'nullable'>;
  readonly status: Property<'enum', 'Done' | 'Failed' | 'Processing' | 'Queued', 'nullable'>;
  readonly type: Property<'enum', 'CAD' | 'Image360' | 'PointCloud', 'nullable'>;
}
/** The type of the view Cognite3DRevision/v1. */
export interface Cognite3DRevisionView extends View<Cognite3DRevisionProperties> {}
/** The view Cognite3DRevision/v1 of cdf_cdm. */
export const Cognite3DRevision: Cognite3DRevisionView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite3DRevision',
  'v1',
  () => ({
    model3D: p
      .ref(() => Cognite3DModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
    published: p
      .bool()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
    status: p
      .oneOf('Done', 'Failed', 'Processing', 'Queued')
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
    type: p
      .oneOf('CAD', 'Image360', 'PointCloud')
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
  }),
);

/** Properties of Cognite360ImageCollection/v1. */
export interface Cognite360ImageCollectionProperties
  extends CogniteDescribableProperties,
    Omit<Cognite3DRevisionProperties, 'model3D'> {
  readonly model3D: Property<'ref', NodeReference, 'nullable', Cognite360ImageModelView>;
}
/** The type of the view Cognite360ImageCollection/v1. */
export interface Cognite360ImageCollectionView extends View<Cognite360ImageCollectionProperties> {}
/** The view Cognite360ImageCollection/v1 of cdf_cdm. */
export const Cognite360ImageCollection: Cognite360ImageCollectionView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite360ImageCollection',
  'v1',
  () => ({
    model3D: p
      .ref(() => Cognite360ImageModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
  }),
  () => ({
    implements: [CogniteDescribable, Cognite3DRevision],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DRevision', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'Image360' } },
      ],
    },
  }),
);

/** Properties of Cognite3DModel/v1. */
export interface Cognite3DModelProperties extends CogniteDescribableProperties {
  readonly thumbnail: Property<'ref', NodeReference, 'nullable', CogniteFileView>;
  readonly type: Property<'enum', 'CAD' | 'Image360' | 'PointCloud', 'nullable'>;
}
/** The type of the view Cognite3DModel/v1. */
export interface Cognite3DModelView extends View<Cognite3DModelProperties> {}
/** The view Cognite3DModel/v1 of cdf_cdm. */
export const Cognite3DModel: Cognite3DModelView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite3DModel',
  'v1',
  () => ({
    thumbnail: p
      .ref(() => CogniteFile)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DModel' } }),
    type: p
      .oneOf('CAD', 'Image360', 'PointCloud')
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DModel' } }),
  }),
  () => ({ implements: [CogniteDescribable] }),
);

/** Properties of Cognite360ImageModel/v1. */
export interface Cognite360ImageModelProperties
  extends Omit<CogniteDescribableProperties, 'aliases' | 'description' | 'name' | 'tags'>,
    Cognite3DModelProperties {
  readonly collections: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    Cognite360ImageCollectionView
  >;
}
/** The type of the view Cognite360ImageModel/v1. */
export interface Cognite360ImageModelView extends View<Cognite360ImageModelProperties> {}
/** The view Cognite360ImageModel/v1 of cdf_cdm. */
export const Cognite360ImageModel: Cognite360ImageModelView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite360ImageModel',
  'v1',
  () => ({
    collections: p.reverse(() => Cognite360ImageCollection, 'model3D'),
  }),
  () => ({
    implements: [CogniteDescribable, Cognite3DModel],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DModel', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'Image360' } },
      ],
    },
  }),
);

/** Properties of Cognite360ImageStation/v1. */
export interface Cognite360ImageStationProperties extends CogniteDescribableProperties {
  readonly groupType: Property<'enum', 'Station360', 'nullable'>;
}
/** The type of the view Cognite360ImageStation/v1. */
export interface Cognite360ImageStationView extends View<Cognite360ImageStationProperties> {}
/** The view Cognite360ImageStation/v1 of cdf_cdm. */
export const Cognite360ImageStation: Cognite360ImageStationView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite360ImageStation',
  'v1',
  () => ({
    groupType: p
      .oneOf('Station360')
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DGroup' } }),
  }),
  () => ({
    implements: [CogniteDescribable],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DGroup', space: 'cdf_cdm_3d', type: 'container' }] },
        {
          equals: { property: ['cdf_cdm_3d', 'Cognite3DGroup', 'groupType'], value: 'Station360' },
        },
      ],
    },
  }),
);

/** Properties of Cognite3DObject/v1. */
export interface Cognite3DObjectProperties extends CogniteDescribableProperties {
  readonly asset: Property<'reverse', NodeReference, 'nullable', CogniteAssetView>;
  readonly cadNodes: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteCADNodeView>;
  readonly images360: Property<
    'edges',
    NodeReference,
    'list' | 'nullable',
    Cognite360ImageView,
    Cognite360ImageAnnotationView
  >;
  readonly pointCloudVolumes: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    CognitePointCloudVolumeView
  >;
  readonly xMax: Property<'float', number, 'nullable'>;
  readonly xMin: Property<'float', number, 'nullable'>;
  readonly yMax: Property<'float', number, 'nullable'>;
  readonly yMin: Property<'float', number, 'nullable'>;
  readonly zMax: Property<'float', number, 'nullable'>;
  readonly zMin: Property<'float', number, 'nullable'>;
}
/** The type of the view Cognite3DObject/v1. */
export interface Cognite3DObjectView extends View<Cognite3DObjectProperties> {}
/** The view Cognite3DObject/v1 of cdf_cdm. */
export const Cognite3DObject: Cognite3DObjectView = /* @__PURE__ */ view(
  'cdf_cdm',
  'Cognite3DObject',
  'v1',
  () => ({
    asset: p.reverse(() => CogniteAsset, 'object3D', { single: true }),
    cadNodes: p.reverse(() => CogniteCADNode, 'object3D'),
    images360: p.edges(() => Cognite360Image, {
      type: { space: 'cdf_cdm', externalId: 'image-360-annotation' },
      properties: () => Cognite360ImageAnnotation,
    }),
    pointCloudVolumes: p.reverse(() => CognitePointCloudVolume, 'object3D'),
    xMax: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
    xMin: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
    yMax: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
    yMin: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
    zMax: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
    zMin: p
      .float()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DObject' } }),
  }),
  () => ({ implements: [CogniteDescribable] }),
);

/** Properties of CogniteSchedulable/v1. */
export interface CogniteSchedulableProperties {
  readonly endTime: Property<'timestamp', Date, 'nullable'>;
  readonly scheduledEndTime: Property<'timestamp', Date, 'nullable'>;
  readonly scheduledStartTime: Property<'timestamp', Date, 'nullable'>;
  readonly startTime: Property<'timestamp', Date, 'nullable'>;
}
/** The type of the view CogniteSchedulable/v1. */
export interface CogniteSchedulableView extends View<CogniteSchedulableProperties> {}
/** The view CogniteSchedulable/v1 of cdf_cdm. */
export const CogniteSchedulable: CogniteSchedulableView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteSchedulable',
  'v1',
  () => ({
    endTime: p.timestamp().optional(),
    scheduledEndTime: p.timestamp().optional(),
    scheduledStartTime: p.timestamp().optional(),
    startTime: p.timestamp().optional(),
  }),
  () => ({ name: 'Schedulable' }),
);

/** Properties of CogniteActivity/v1. */
export interface CogniteActivityProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties,
    CogniteSchedulableProperties {
  readonly assets: Property<'ref', NodeReference, 'list' | 'nullable', CogniteAssetView>;
  readonly equipment: Property<'ref', NodeReference, 'list' | 'nullable', CogniteEquipmentView>;
  readonly timeSeries: Property<'ref', NodeReference, 'list' | 'nullable', CogniteTimeSeriesView>;
}
/** The type of the view CogniteActivity/v1. */
export interface CogniteActivityView extends View<CogniteActivityProperties> {}
/** The view CogniteActivity/v1 of cdf_cdm. */
export const CogniteActivity: CogniteActivityView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteActivity',
  'v1',
  () => ({
    assets: p.ref(() => CogniteAsset).many({ maxListSize: 1200 }),
    equipment: p.ref(() => CogniteEquipment).many(),
    timeSeries: p.ref(() => CogniteTimeSeries).many(),
  }),
  () => ({
    implements: [CogniteDescribable, CogniteSourceable, CogniteSchedulable],
    name: 'Activity',
  }),
);

/** Properties of CogniteVisualizable/v1. */
export interface CogniteVisualizableProperties {
  readonly object3D: Property<'ref', NodeReference, 'nullable', Cognite3DObjectView>;
}
/** The type of the view CogniteVisualizable/v1. */
export interface CogniteVisualizableView extends View<CogniteVisualizableProperties> {}
/** The view CogniteVisualizable/v1 of cdf_cdm. */
export const CogniteVisualizable: CogniteVisualizableView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteVisualizable',
  'v1',
  () => ({
    object3D: p.ref(() => Cognite3DObject),
  }),
  () => ({ name: 'Visualizable' }),
);

/** Properties of CogniteAsset/v1. */
export interface CogniteAssetProperties
  extends CogniteVisualizableProperties,
    CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly activities: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteActivityView>;
  readonly assetClass: Property<'ref', NodeReference, 'nullable', CogniteAssetClassView>;
  readonly children: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteAssetView>;
  readonly equipment: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteEquipmentView>;
  readonly files: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteFileView>;
  readonly parent: Property<'ref', NodeReference, 'nullable', CogniteAssetView>;
  readonly path: Property<'ref', NodeReference, 'list' | 'nullable', CogniteAssetView>;
  readonly pathLastUpdatedTime: Property<'timestamp', Date, 'nullable'>;
  readonly root: Property<'ref', NodeReference, 'nullable', CogniteAssetView>;
  readonly timeSeries: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    CogniteTimeSeriesView
  >;
  readonly type: Property<'ref', NodeReference, 'nullable', CogniteAssetTypeView>;
}
/** The type of the view CogniteAsset/v1. */
export interface CogniteAssetView extends View<CogniteAssetProperties> {}
/** The view CogniteAsset/v1 of cdf_cdm. */
export const CogniteAsset: CogniteAssetView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteAsset',
  'v1',
  () => ({
    activities: p.reverse(() => CogniteActivity, 'assets'),
    assetClass: p.ref(() => CogniteAssetClass),
    children: p.reverse(() => CogniteAsset, 'parent'),
    equipment: p.reverse(() => CogniteEquipment, 'asset'),
    files: p.reverse(() => CogniteFile, 'assets'),
    parent: p.ref(() => CogniteAsset).storedIn({ property: 'assetHierarchy_parent' }),
    path: p
      .ref(() => CogniteAsset)
      .many({ maxListSize: 100 })
      .storedIn({ property: 'assetHierarchy_path' }),
    pathLastUpdatedTime: p
      .timestamp()
      .optional()
      .storedIn({ property: 'assetHierarchy_path_last_updated_time' }),
    root: p.ref(() => CogniteAsset).storedIn({ property: 'assetHierarchy_root' }),
    timeSeries: p.reverse(() => CogniteTimeSeries, 'assets'),
    type: p.ref(() => CogniteAssetType),
  }),
  () => ({
    implements: [CogniteVisualizable, CogniteDescribable, CogniteSourceable],
    name: 'Asset',
  }),
);

/** Properties of CogniteAssetClass/v1. */
export interface CogniteAssetClassProperties extends CogniteDescribableProperties {
  readonly code: Property<'text', string, 'nullable'>;
  readonly standard: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteAssetClass/v1. */
export interface CogniteAssetClassView extends View<CogniteAssetClassProperties> {}
/** The view CogniteAssetClass/v1 of cdf_cdm. */
export const CogniteAssetClass: CogniteAssetClassView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteAssetClass',
  'v1',
  () => ({
    code: p.text().optional(),
    standard: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'Asset class' }),
);

/** Properties of CogniteAssetType/v1. */
export interface CogniteAssetTypeProperties extends CogniteDescribableProperties {
  readonly assetClass: Property<'ref', NodeReference, 'nullable', CogniteAssetClassView>;
  readonly code: Property<'text', string, 'nullable'>;
  readonly standard: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteAssetType/v1. */
export interface CogniteAssetTypeView extends View<CogniteAssetTypeProperties> {}
/** The view CogniteAssetType/v1 of cdf_cdm. */
export const CogniteAssetType: CogniteAssetTypeView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteAssetType',
  'v1',
  () => ({
    assetClass: p.ref(() => CogniteAssetClass),
    code: p.text().optional(),
    standard: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'Asset type' }),
);

/** Properties of CogniteCADModel/v1. */
export interface CogniteCADModelProperties
  extends Omit<CogniteDescribableProperties, 'aliases' | 'description' | 'name' | 'tags'>,
    Cognite3DModelProperties {
  readonly revisions: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    CogniteCADRevisionView
  >;
}
/** The type of the view CogniteCADModel/v1. */
export interface CogniteCADModelView extends View<CogniteCADModelProperties> {}
/** The view CogniteCADModel/v1 of cdf_cdm. */
export const CogniteCADModel: CogniteCADModelView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteCADModel',
  'v1',
  () => ({
    revisions: p.reverse(() => CogniteCADRevision, 'model3D'),
  }),
  () => ({
    implements: [CogniteDescribable, Cognite3DModel],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DModel', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'CAD' } },
      ],
    },
  }),
);

/** Properties of CogniteCADNode/v1. */
export interface CogniteCADNodeProperties extends CogniteDescribableProperties {
  readonly cadNodeReference: Property<'text', string, 'nullable'>;
  readonly model3D: Property<'ref', NodeReference, 'nullable', CogniteCADModelView>;
  readonly object3D: Property<'ref', NodeReference, 'nullable', Cognite3DObjectView>;
  readonly revisions: Property<'ref', NodeReference, 'list' | 'nullable', CogniteCADRevisionView>;
  readonly subTreeSizes: Property<'bigint', bigint, 'list' | 'nullable'>;
  readonly treeIndexes: Property<'bigint', bigint, 'list' | 'nullable'>;
}
/** The type of the view CogniteCADNode/v1. */
export interface CogniteCADNodeView extends View<CogniteCADNodeProperties> {}
/** The view CogniteCADNode/v1 of cdf_cdm. */
export const CogniteCADNode: CogniteCADNodeView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteCADNode',
  'v1',
  () => ({
    cadNodeReference: p
      .text()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
    model3D: p
      .ref(() => CogniteCADModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
    object3D: p
      .ref(() => Cognite3DObject)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
    revisions: p
      .ref(() => CogniteCADRevision)
      .many()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
    subTreeSizes: p
      .bigint()
      .many()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
    treeIndexes: p
      .bigint()
      .many()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADNode' } }),
  }),
  () => ({ implements: [CogniteDescribable] }),
);

/** Properties of CogniteCADRevision/v1. */
export interface CogniteCADRevisionProperties extends Omit<Cognite3DRevisionProperties, 'model3D'> {
  readonly model3D: Property<'ref', NodeReference, 'nullable', CogniteCADModelView>;
  readonly revisionId: Property<'bigint', bigint, 'nullable'>;
}
/** The type of the view CogniteCADRevision/v1. */
export interface CogniteCADRevisionView extends View<CogniteCADRevisionProperties> {}
/** The view CogniteCADRevision/v1 of cdf_cdm. */
export const CogniteCADRevision: CogniteCADRevisionView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteCADRevision',
  'v1',
  () => ({
    model3D: p
      .ref(() => CogniteCADModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
    revisionId: p
      .bigint()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CogniteCADRevision' } }),
  }),
  () => ({
    implements: [Cognite3DRevision],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DRevision', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'CAD' } },
      ],
    },
  }),
);

/** Properties of CogniteDiagramAnnotation/v1. */
export interface CogniteDiagramAnnotationProperties
  extends Omit<CogniteDescribableProperties, 'aliases' | 'description' | 'name' | 'tags'>,
    Omit<
      CogniteSourceableProperties,
      | 'source'
      | 'sourceContext'
      | 'sourceCreatedTime'
      | 'sourceCreatedUser'
      | 'sourceId'
      | 'sourceUpdatedTime'
      | 'sourceUpdatedUser'
    >,
    CogniteAnnotationProperties {
  readonly endNodePageNumber: Property<'bigint', bigint, 'nullable'>;
  readonly endNodeText: Property<'text', string, 'nullable'>;
  readonly endNodeXMax: Property<'float', number, 'nullable'>;
  readonly endNodeXMin: Property<'float', number, 'nullable'>;
  readonly endNodeYMax: Property<'float', number, 'nullable'>;
  readonly endNodeYMin: Property<'float', number, 'nullable'>;
  readonly startNodePageNumber: Property<'bigint', bigint, 'nullable'>;
  readonly startNodeText: Property<'text', string, 'nullable'>;
  readonly startNodeXMax: Property<'float', number, 'nullable'>;
  readonly startNodeXMin: Property<'float', number, 'nullable'>;
  readonly startNodeYMax: Property<'float', number, 'nullable'>;
  readonly startNodeYMin: Property<'float', number, 'nullable'>;
}
/** The type of the view CogniteDiagramAnnotation/v1. */
export interface CogniteDiagramAnnotationView extends View<CogniteDiagramAnnotationProperties> {}
/** The view CogniteDiagramAnnotation/v1 of cdf_cdm. */
export const CogniteDiagramAnnotation: CogniteDiagramAnnotationView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteDiagramAnnotation',
  'v1',
  () => ({
    endNodePageNumber: p.bigint().optional(),
    endNodeText: p.text().optional(),
    endNodeXMax: p.float().optional(),
    endNodeXMin: p.float().optional(),
    endNodeYMax: p.float().optional(),
    endNodeYMin: p.float().optional(),
    startNodePageNumber: p.bigint().optional(),
    startNodeText: p.text().optional(),
    startNodeXMax: p.float().optional(),
    startNodeXMin: p.float().optional(),
    startNodeYMax: p.float().optional(),
    startNodeYMin: p.float().optional(),
  }),
  () => ({
    implements: [CogniteDescribable, CogniteSourceable, CogniteAnnotation],
    name: 'Diagram annotation',
    usedFor: 'edge',
  }),
);

/** Properties of CogniteEquipment/v1. */
export interface CogniteEquipmentProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly activities: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteActivityView>;
  readonly asset: Property<'ref', NodeReference, 'nullable', CogniteAssetView>;
  readonly equipmentType: Property<'ref', NodeReference, 'nullable', CogniteEquipmentTypeView>;
  readonly files: Property<'ref', NodeReference, 'list' | 'nullable', CogniteFileView>;
  readonly manufacturer: Property<'text', string, 'nullable'>;
  readonly serialNumber: Property<'text', string, 'nullable'>;
  readonly timeSeries: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    CogniteTimeSeriesView
  >;
}
/** The type of the view CogniteEquipment/v1. */
export interface CogniteEquipmentView extends View<CogniteEquipmentProperties> {}
/** The view CogniteEquipment/v1 of cdf_cdm. */
export const CogniteEquipment: CogniteEquipmentView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteEquipment',
  'v1',
  () => ({
    activities: p.reverse(() => CogniteActivity, 'equipment'),
    asset: p.ref(() => CogniteAsset),
    equipmentType: p.ref(() => CogniteEquipmentType),
    files: p.ref(() => CogniteFile).many(),
    manufacturer: p.text().optional(),
    serialNumber: p.text().optional(),
    timeSeries: p.reverse(() => CogniteTimeSeries, 'equipment'),
  }),
  () => ({ implements: [CogniteDescribable, CogniteSourceable], name: 'Equipment' }),
);

/** Properties of CogniteEquipmentType/v1. */
export interface CogniteEquipmentTypeProperties extends CogniteDescribableProperties {
  readonly code: Property<'text', string, 'nullable'>;
  readonly equipmentClass: Property<'text', string, 'nullable'>;
  readonly standard: Property<'text', string, 'nullable'>;
  readonly standardReference: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteEquipmentType/v1. */
export interface CogniteEquipmentTypeView extends View<CogniteEquipmentTypeProperties> {}
/** The view CogniteEquipmentType/v1 of cdf_cdm. */
export const CogniteEquipmentType: CogniteEquipmentTypeView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteEquipmentType',
  'v1',
  () => ({
    code: p.text().optional(),
    equipmentClass: p.text().optional(),
    standard: p.text().optional(),
    standardReference: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'Equipment type' }),
);

/** Properties of CogniteFile/v1. */
export interface CogniteFileProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly assets: Property<'ref', NodeReference, 'list' | 'nullable', CogniteAssetView>;
  readonly category: Property<'ref', NodeReference, 'nullable', CogniteFileCategoryView>;
  readonly directory: Property<'text', string, 'nullable'>;
  readonly equipment: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteEquipmentView>;
  readonly isUploaded: Property<'bool', boolean, 'nullable' | 'default'>;
  readonly mimeType: Property<'text', string, 'nullable'>;
  readonly uploadedTime: Property<'timestamp', Date, 'nullable'>;
}
/** The type of the view CogniteFile/v1. */
export interface CogniteFileView extends View<CogniteFileProperties> {}
/** The view CogniteFile/v1 of cdf_cdm. */
export const CogniteFile: CogniteFileView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteFile',
  'v1',
  () => ({
    assets: p.ref(() => CogniteAsset).many({ maxListSize: 1200 }),
    category: p.ref(() => CogniteFileCategory),
    directory: p.text().optional(),
    equipment: p.reverse(() => CogniteEquipment, 'files'),
    isUploaded: p.bool().optional().default(false),
    mimeType: p.text().optional(),
    uploadedTime: p.timestamp().optional(),
  }),
  () => ({ implements: [CogniteDescribable, CogniteSourceable], name: 'File' }),
);

/** Properties of CogniteFileCategory/v1. */
export interface CogniteFileCategoryProperties extends CogniteDescribableProperties {
  readonly code: Property<'text', string, never>;
  readonly standard: Property<'text', string, 'nullable'>;
  readonly standardReference: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteFileCategory/v1. */
export interface CogniteFileCategoryView extends View<CogniteFileCategoryProperties> {}
/** The view CogniteFileCategory/v1 of cdf_cdm. */
export const CogniteFileCategory: CogniteFileCategoryView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteFileCategory',
  'v1',
  () => ({
    code: p.text(),
    standard: p.text().optional(),
    standardReference: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'File category' }),
);

/** Properties of CognitePointCloudModel/v1. */
export interface CognitePointCloudModelProperties
  extends Omit<CogniteDescribableProperties, 'aliases' | 'description' | 'name' | 'tags'>,
    Cognite3DModelProperties {
  readonly revisions: Property<
    'reverse',
    NodeReference,
    'list' | 'nullable',
    CognitePointCloudRevisionView
  >;
}
/** The type of the view CognitePointCloudModel/v1. */
export interface CognitePointCloudModelView extends View<CognitePointCloudModelProperties> {}
/** The view CognitePointCloudModel/v1 of cdf_cdm. */
export const CognitePointCloudModel: CognitePointCloudModelView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CognitePointCloudModel',
  'v1',
  () => ({
    revisions: p.reverse(() => CognitePointCloudRevision, 'model3D'),
  }),
  () => ({
    implements: [CogniteDescribable, Cognite3DModel],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DModel', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'PointCloud' } },
      ],
    },
  }),
);

/** Properties of CognitePointCloudRevision/v1. */
export interface CognitePointCloudRevisionProperties
  extends Omit<Cognite3DRevisionProperties, 'model3D'> {
  readonly model3D: Property<'ref', NodeReference, 'nullable', CognitePointCloudModelView>;
  readonly revisionId: Property<'bigint', bigint, 'nullable'>;
}
/** The type of the view CognitePointCloudRevision/v1. */
export interface CognitePointCloudRevisionView extends View<CognitePointCloudRevisionProperties> {}
/** The view CognitePointCloudRevision/v1 of cdf_cdm. */
export const CognitePointCloudRevision: CognitePointCloudRevisionView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CognitePointCloudRevision',
  'v1',
  () => ({
    model3D: p
      .ref(() => CognitePointCloudModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'Cognite3DRevision' } }),
    revisionId: p
      .bigint()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudRevision' } }),
  }),
  () => ({
    implements: [Cognite3DRevision],
    filter: {
      and: [
        { hasData: [{ externalId: 'Cognite3DRevision', space: 'cdf_cdm_3d', type: 'container' }] },
        { equals: { property: ['cdf_cdm_3d', 'Cognite3DModel', 'type'], value: 'PointCloud' } },
      ],
    },
  }),
);

/** Properties of CognitePointCloudVolume/v1. */
export interface CognitePointCloudVolumeProperties extends CogniteDescribableProperties {
  readonly formatVersion: Property<'text', string, 'nullable'>;
  readonly model3D: Property<'ref', NodeReference, 'nullable', CogniteCADModelView>;
  readonly object3D: Property<'ref', NodeReference, 'nullable', Cognite3DObjectView>;
  readonly revisions: Property<'ref', NodeReference, 'list' | 'nullable', CogniteCADRevisionView>;
  readonly volume: Property<'float', number, 'list' | 'nullable'>;
  readonly volumeReferences: Property<'text', string, 'list' | 'nullable'>;
  readonly volumeType: Property<'enum', 'Box' | 'Cylinder', 'nullable'>;
}
/** The type of the view CognitePointCloudVolume/v1. */
export interface CognitePointCloudVolumeView extends View<CognitePointCloudVolumeProperties> {}
/** The view CognitePointCloudVolume/v1 of cdf_cdm. */
export const CognitePointCloudVolume: CognitePointCloudVolumeView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CognitePointCloudVolume',
  'v1',
  () => ({
    formatVersion: p
      .text()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    model3D: p
      .ref(() => CogniteCADModel)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    object3D: p
      .ref(() => Cognite3DObject)
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    revisions: p
      .ref(() => CogniteCADRevision)
      .many()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    volume: p
      .float()
      .many()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    volumeReferences: p
      .text()
      .many()
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
    volumeType: p
      .oneOf('Box', 'Cylinder')
      .optional()
      .storedIn({ container: { space: 'cdf_cdm_3d', externalId: 'CognitePointCloudVolume' } }),
  }),
  () => ({ implements: [CogniteDescribable] }),
);

/** Properties of CogniteSourceSystem/v1. */
export interface CogniteSourceSystemProperties extends CogniteDescribableProperties {
  readonly manufacturer: Property<'text', string, 'nullable'>;
  readonly version: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteSourceSystem/v1. */
export interface CogniteSourceSystemView extends View<CogniteSourceSystemProperties> {}
/** The view CogniteSourceSystem/v1 of cdf_cdm. */
export const CogniteSourceSystem: CogniteSourceSystemView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteSourceSystem',
  'v1',
  () => ({
    manufacturer: p.text().optional(),
    version: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'Source system' }),
);

/** Properties of CogniteStateSet/v1. */
export interface CogniteStateSetProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly states: Property<'json', Readonly<Record<string, unknown>>, 'list'>;
}
/** The type of the view CogniteStateSet/v1. */
export interface CogniteStateSetView extends View<CogniteStateSetProperties> {}
/** The view CogniteStateSet/v1 of cdf_cdm. */
export const CogniteStateSet: CogniteStateSetView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteStateSet',
  'v1',
  () => ({
    states: p.json().many(),
  }),
  () => ({ implements: [CogniteDescribable, CogniteSourceable], name: 'State set' }),
);

/** Properties of CogniteTimeSeries/v1. */
export interface CogniteTimeSeriesProperties
  extends CogniteDescribableProperties,
    CogniteSourceableProperties {
  readonly activities: Property<'reverse', NodeReference, 'list' | 'nullable', CogniteActivityView>;
  readonly assets: Property<'ref', NodeReference, 'list' | 'nullable', CogniteAssetView>;
  readonly equipment: Property<'ref', NodeReference, 'list' | 'nullable', CogniteEquipmentView>;
  readonly isStep: Property<'bool', boolean, 'default'>;
  readonly sourceUnit: Property<'text', string, 'nullable'>;
  readonly stateSet: Property<'node', NodeReference, 'nullable'>;
  readonly type: Property<'enum', 'numeric' | 'state' | 'string', never>;
  readonly unit: Property<'ref', NodeReference, 'nullable', CogniteUnitView>;
}
/** The type of the view CogniteTimeSeries/v1. */
export interface CogniteTimeSeriesView extends View<CogniteTimeSeriesProperties> {}
/** The view CogniteTimeSeries/v1 of cdf_cdm. */
export const CogniteTimeSeries: CogniteTimeSeriesView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteTimeSeries',
  'v1',
  () => ({
    activities: p.reverse(() => CogniteActivity, 'timeSeries'),
    assets: p.ref(() => CogniteAsset).many({ maxListSize: 1200 }),
    equipment: p.ref(() => CogniteEquipment).many(),
    isStep: p.bool().default(false),
    sourceUnit: p.text().optional(),
    stateSet: p.node(),
    type: p.oneOf('numeric', 'state', 'string').immutable(),
    unit: p.ref(() => CogniteUnit),
  }),
  () => ({ implements: [CogniteDescribable, CogniteSourceable], name: 'Time series' }),
);

/** Properties of CogniteUnit/v1. */
export interface CogniteUnitProperties extends CogniteDescribableProperties {
  readonly quantity: Property<'text', string, 'nullable'>;
  readonly source: Property<'text', string, 'nullable'>;
  readonly sourceReference: Property<'text', string, 'nullable'>;
  readonly symbol: Property<'text', string, 'nullable'>;
}
/** The type of the view CogniteUnit/v1. */
export interface CogniteUnitView extends View<CogniteUnitProperties> {}
/** The view CogniteUnit/v1 of cdf_cdm. */
export const CogniteUnit: CogniteUnitView = /* @__PURE__ */ view(
  'cdf_cdm',
  'CogniteUnit',
  'v1',
  () => ({
    quantity: p.text().optional(),
    source: p.text().optional(),
    sourceReference: p.text().optional(),
    symbol: p.text().optional(),
  }),
  () => ({ implements: [CogniteDescribable], name: 'Unit' }),
);
