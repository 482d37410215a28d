import { badRequest } from '../errors.js';
import { isMapped, lineage } from './compiled-view.js';
import { described, sortedText } from './container-upsert.js';
import { completeView } from './core.js';
import { containerKey, member, versionedKey } from './keys.js';
import type {
  Container,
  ContainerProperty,
  Stored,
  View,
  ViewProperty,
  ViewReference,
} from './model.js';
import type { ViewCreate } from './view-body.js';

const MAX_CONTAINERS = 10;
const MAX_PROPERTIES = 300;

interface Lookup {
  readonly containers: { get(key: string): Stored<Container> | undefined };
  readonly views: { get(key: string): Stored<View> | undefined };
}

/**
 * The view that a request leads to. Properties that it leaves out stay; changes that need a new
 * version are refused.
 */
export function upsertedView(given: ViewCreate, before: View | undefined, lookup: Lookup): View {
  if (before === undefined) return completeView(given);
  const key = versionedKey(given);
  const refuse = (problem: string): Error =>
    badRequest(
      `Cannot update view '${key}': ${problem}. Create a new version of the view instead.`,
    );
  const parents = (references: readonly ViewReference[]): string =>
    references.map(versionedKey).sort().join();
  if (given.implements !== undefined && parents(given.implements) !== parents(before.implements))
    throw refuse('the views that it implements cannot be changed');
  const properties: Record<string, ViewProperty> = { ...before.properties };
  for (const [name, property] of Object.entries(given.properties ?? {})) {
    const old = member(before.properties, name);
    const problem = old === undefined ? undefined : changeProblem(old, property, lookup);
    if (problem !== undefined) throw refuse(`property '${name}': ${problem}`);
    properties[name] = property;
  }
  return {
    space: before.space,
    externalId: before.externalId,
    version: before.version,
    ...described(given),
    ...(given.filter === undefined ? {} : { filter: given.filter }),
    implements: given.implements ?? before.implements,
    properties,
  };
}

/**
 * Refuses a view whose containers, properties or parents do not exist, and cycles. Other views are
 * looked up as they will be.
 */
export function checkView(view: View, lookup: Lookup): void {
  const key = versionedKey(view);
  for (const [name, property] of Object.entries(view.properties)) {
    if (!isMapped(property)) continue;
    const container = lookup.containers.get(containerKey(property.container));
    if (container === undefined)
      throw badRequest(
        `View '${key}': property '${name}' maps container '${containerKey(property.container)}', which does not exist.`,
      );
    const found = member(container.body.properties, property.containerPropertyIdentifier);
    if (found === undefined)
      throw badRequest(
        `View '${key}': container '${container.externalId}' has no property '${property.containerPropertyIdentifier}', to which '${name}' is mapped.`,
      );
    if (container.body.usedFor === 'record')
      throw badRequest(`View '${key}' maps '${container.externalId}', which is for records.`);
    if (property.source !== undefined && found.type.type !== 'direct')
      throw badRequest(
        `View '${key}': property '${name}' has a source, but it is not a direct relation.`,
      );
  }
  const missing = view.implements.filter(
    (parent) => lookup.views.get(versionedKey(parent)) === undefined,
  );
  if (missing.length > 0) throw missingViews(missing);
  checkCycle(view, lookup);
  checkSize(view, lookup);
}

/** The refusal for views that do not exist. */
export function missingViews(references: readonly ViewReference[]): Error {
  return badRequest(
    `One or more views do not exist: ${references.map((each) => `'${versionedKey(each)}'`).join(', ')}`,
  );
}

function checkCycle(view: View, lookup: Lookup): void {
  const own = versionedKey(view);
  const seen = new Set<string>();
  const open = view.implements.map(versionedKey);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === own)
      throw badRequest(`View '${own}' implements itself, directly or through other views.`);
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(lookup.views.get(key)?.body.implements ?? []).map(versionedKey));
  }
}

function checkSize(view: View, lookup: Lookup): void {
  const stored = lookup.views.get(versionedKey(view));
  if (stored === undefined) return;
  const properties = new Map<string, ViewProperty>();
  for (const { body } of lineage(lookup, stored))
    for (const [name, property] of Object.entries(body.properties)) properties.set(name, property);
  const key = versionedKey(view);
  if (properties.size > MAX_PROPERTIES)
    throw badRequest(`View '${key}' has more than ${MAX_PROPERTIES} properties.`);
  const containers = new Set(
    [...properties.values()].filter(isMapped).map(({ container }) => containerKey(container)),
  );
  if (containers.size > MAX_CONTAINERS)
    throw badRequest(`View '${key}' maps more than ${MAX_CONTAINERS} containers.`);
}

function changeProblem(old: ViewProperty, given: ViewProperty, lookup: Lookup): string | undefined {
  const strip = ({ name: _name, description: _description, ...rest }: ViewProperty): object => rest;
  if (!isMapped(old) || !isMapped(given))
    return sortedText(strip(old)) === sortedText(strip(given))
      ? undefined
      : 'a connection cannot be changed';
  if (sortedText(old.source) !== sortedText(given.source))
    return 'the source of a relation cannot be changed';
  const [before, after] = [propertyOf(old, lookup), propertyOf(given, lookup)];
  if (before === undefined || after === undefined) return undefined;
  const typeOf = ({ type }: ContainerProperty): string => `${type.type}, ${type.list === true}`;
  return typeOf(before) === typeOf(after) ? undefined : 'its type cannot be changed';
}

function propertyOf(
  { container, containerPropertyIdentifier }: Extract<ViewProperty, { container: unknown }>,
  { containers }: Lookup,
): ContainerProperty | undefined {
  const found = containers.get(containerKey(container));
  return found === undefined
    ? undefined
    : member(found.body.properties, containerPropertyIdentifier);
}
