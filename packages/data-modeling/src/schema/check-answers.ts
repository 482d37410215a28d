import { unexpected } from '@cdf/core/resource';
import type {
  Container,
  DataModel,
  ViewDefinition,
  ViewPropertyDefinition,
} from '../api/schema-types.js';
import type { ViewReference } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { containerName } from './container-name.js';

// The parts of schemas that are read here, as answers have them. Members that are null are as if
// absent: answers may say so of what is not there.

/** The request that views come from, for messages. */
export const VIEWS = 'POST /models/views/byids';
const CONTAINERS = 'POST /models/containers/byids';
const MODELS = 'POST /models/datamodels/byids';

type Members = Readonly<Record<string, unknown>>;

/** @throws {DecodeError} for a view that cannot be read */
export function checkViews(views: readonly ViewDefinition[]): ViewDefinition[] {
  return views.map((view) => {
    const what = `view ${viewKey(view)}`;
    const { implements: parents } = view as { readonly implements?: unknown };
    if (parents !== undefined && parents !== null && !isListOfViews(parents))
      throw unexpected(VIEWS, `implements of ${what} is ${whatElse(parents)}`);
    const properties = checkProperties(view, VIEWS, what);
    for (const [name, property] of Object.entries(properties))
      checkPlace(property as unknown as ViewPropertyDefinition, `property "${name}" of ${what}`);
    return { ...present(view), properties } as unknown as ViewDefinition;
  });
}

/** @throws {DecodeError} for a container that cannot be read */
export function checkContainers(containers: readonly Container[]): Container[] {
  return containers.map((container) => {
    const what = `container ${containerName(container)}`;
    const properties = checkProperties(container, CONTAINERS, what);
    for (const [name, { type }] of Object.entries(properties))
      if (typeof (Object(type) as Members).type !== 'string')
        throw unexpected(CONTAINERS, `property "${name}" of ${what} has no type`);
    return { ...present(container), properties } as unknown as Container;
  });
}

/** The names of a model's views, once each. @throws {DecodeError} when they cannot be read */
export function checkViewsOf(model: DataModel): ViewReference[] {
  const views: unknown = model.views;
  if (!isListOfViews(views))
    throw unexpected(MODELS, `views of ${viewKey(model)} is ${whatElse(views)}`);
  const names = views.map(({ space, externalId, version }) => ({ space, externalId, version }));
  return [...new Map(names.map((name) => [viewKey(name), name])).values()];
}

export function isListOfViews(value: unknown): value is readonly ViewReference[] {
  return Array.isArray(value) && Array.from(value).every(isViewName);
}

/** What there is instead of a list of views. */
function whatElse(value: unknown): string {
  const expected = 'expected { space, externalId, version }';
  if (!Array.isArray(value)) return `${describe(value)}, expected an array of views`;
  const wrong = Array.from(value).findIndex((each) => !isViewName(each));
  return `an array with ${describe(value[wrong])} at ${wrong}, ${expected}`;
}

function isViewName(value: unknown): value is ViewReference {
  return hasStrings(value, 'space', 'externalId', 'version');
}

function hasStrings(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof (Object(value) as Members)[name] === 'string');
}

function checkProperties(
  { properties }: { readonly properties: unknown },
  label: string,
  what: string,
): Readonly<Record<string, Members>> {
  if (!isRecord(properties))
    throw unexpected(label, `properties of ${what} is ${describe(properties)}, expected an object`);
  const checked = Object.entries(properties).map(([name, property]): [string, Members] => {
    const at = `property "${name}" of ${what}`;
    if (!isRecord(property))
      throw unexpected(label, `${at} is ${describe(property)}, expected an object`);
    const { type, ...rest } = present(property);
    if (type === undefined) return [name, rest];
    if (!isRecord(type))
      throw unexpected(label, `the type of ${at} is ${describe(type)}, expected an object`);
    const { values } = type;
    if (values !== undefined && values !== null && !isRecord(values))
      throw unexpected(label, `the values of ${at} are ${describe(values)}, expected an object`);
    return [name, { ...rest, type: present(type) }];
  });
  return Object.fromEntries(checked);
}

/** Where a property is stored, or what it leads to. That of a kind to come may have other parts. */
function checkPlace(property: ViewPropertyDefinition, what: string): void {
  const { source, type } = property as { readonly source?: unknown; readonly type?: Members };
  if (source !== undefined && !isViewName(source))
    throw unexpected(VIEWS, `the source of ${what} is ${describe(source)}, expected a view`);
  if ('container' in property) {
    const { container, containerPropertyIdentifier } = property;
    if (!hasStrings(container, 'space', 'externalId'))
      throw unexpected(VIEWS, `${what} has no container`);
    if (typeof containerPropertyIdentifier !== 'string')
      throw unexpected(VIEWS, `${what} has no containerPropertyIdentifier`);
    const target = type?.source ?? undefined;
    if (target !== undefined && !isViewName(target))
      throw unexpected(VIEWS, `the source of ${what} is ${describe(target)}, expected a view`);
    return;
  }
  const { connectionType, edgeSource, through } = property;
  if (!isKnownConnection(connectionType)) return;
  if (source === undefined) throw unexpected(VIEWS, `${what} has no container and no source`);
  if (edgeSource !== undefined && !isViewName(edgeSource))
    throw unexpected(
      VIEWS,
      `the edgeSource of ${what} is ${describe(edgeSource)}, expected a view`,
    );
  const isReverse = connectionType?.endsWith('reverse_direct_relation') === true;
  if (!isReverse && !hasStrings(type, 'space', 'externalId'))
    throw unexpected(VIEWS, `${what} has no type of its edges`);
  if (
    isReverse &&
    !(hasStrings(through, 'identifier') && hasStrings(through?.source, 'space', 'externalId'))
  )
    throw unexpected(VIEWS, `${what} goes through no property`);
}

/** One that answers do not name is that of edges. */
export function isKnownConnection(connectionType: string | undefined): boolean {
  return /^(?:(?:multi|single)_(?:edge_connection|reverse_direct_relation))$/.test(
    connectionType ?? 'multi_edge_connection',
  );
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function present(members: object): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
