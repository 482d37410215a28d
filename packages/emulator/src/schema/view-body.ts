import {
  array,
  type Check,
  isGiven,
  isObject,
  needed,
  object,
  oneOf,
} from '../validation/schema.js';
import { named } from './container-body.js';
import type {
  DataModel,
  EdgeConnection,
  MappedProperty,
  ReverseRelation,
  View,
  ViewProperty,
} from './model.js';
import {
  containerReferenceCheck,
  description,
  displayName,
  instanceKeyCheck,
  newSchemaExternalId,
  propertyName,
  propertyNameProblem,
  sourceReferenceCheck,
  spaceName,
  versionName,
  viewReferenceCheck,
} from './names.js';

const MAX_PROPERTIES = 300;
const MAX_PARENTS = 10;
const MAX_VIEWS = 100;

/** A view as a request writes it: omitted members are undefined. */
export type ViewCreate = Omit<View, 'implements' | 'properties'> & {
  readonly implements?: View['implements'] | undefined;
  readonly properties?: View['properties'] | undefined;
};

/** A data model as a request writes it; views may come whole. */
export type DataModelCreate = Omit<DataModel, 'views'> & {
  readonly views?: readonly (DataModel['views'][number] | ViewCreate)[] | undefined;
};

const described = { name: displayName, description };

const mapped = object({
  ...described,
  container: needed(containerReferenceCheck),
  containerPropertyIdentifier: needed(propertyName),
  source: viewReferenceCheck,
}) as Check<MappedProperty>;

const edge = object({
  ...described,
  connectionType: oneOf('single_edge_connection', 'multi_edge_connection'),
  type: needed(instanceKeyCheck),
  source: needed(viewReferenceCheck),
  edgeSource: viewReferenceCheck,
  direction: oneOf('outwards', 'inwards'),
});

const reverse = object({
  ...described,
  connectionType: needed(oneOf('single_reverse_direct_relation', 'multi_reverse_direct_relation')),
  source: needed(viewReferenceCheck),
  through: needed(
    object({ source: needed(sourceReferenceCheck), identifier: needed(propertyName) }),
  ),
}) as Check<ReverseRelation>;

/**
 * The three kinds have no mark of their own: `container` tells the first, `connectionType` the
 * others.
 */
const viewProperty: Check<ViewProperty> = (value, path, problems) => {
  if (isObject(value) && isGiven(value.container)) return mapped(value, path, problems);
  const kind = isObject(value) ? value.connectionType : undefined;
  if (typeof kind === 'string' && kind.endsWith('reverse_direct_relation'))
    return reverse(value, path, problems);
  const {
    connectionType = 'multi_edge_connection',
    direction = 'outwards',
    ...rest
  } = edge(value, path, problems);
  return { connectionType, direction, ...rest } as EdgeConnection;
};

const filter: Check<unknown> = (value, path, problems) => {
  if (!isObject(value)) problems.push(`${path} must be an object`);
  return value;
};

const viewShape = {
  space: needed(spaceName),
  externalId: needed(newSchemaExternalId),
  version: needed(versionName),
  ...described,
  filter,
  implements: array(viewReferenceCheck, { max: MAX_PARENTS }),
  properties: named(viewProperty, propertyNameProblem, { max: MAX_PROPERTIES }),
};

export const viewCheck: Check<ViewCreate> = object(viewShape) as Check<ViewCreate>;

const modelView: Check<DataModel['views'][number] | ViewCreate> = (value, path, problems) =>
  isObject(value) && isGiven(value.type)
    ? viewReferenceCheck(value, path, problems)
    : viewCheck(value, path, problems);

export const dataModelCheck: Check<DataModelCreate> = object({
  space: needed(spaceName),
  externalId: needed(newSchemaExternalId),
  version: needed(versionName),
  ...described,
  views: array(modelView, { max: MAX_VIEWS }),
}) as Check<DataModelCreate>;
