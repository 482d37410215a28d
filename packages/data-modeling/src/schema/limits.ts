import type {
  Container,
  ContainerPropertyType,
  ContainerWrite,
  ViewDefinition,
} from '../api/schema-types.js';
import type { AnyView } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { canonical, ownOf } from './canonical.js';
import { containerName } from './container-name.js';
import { sizeFault } from './default-faults.js';
import { remade } from './kept-parts.js';
import { holderOf } from './known-through.js';
import type { SchemaChange } from './schema-change.js';
import { isMapped, MOST_IN_CONTAINER, storageOf } from './to-definitions.js';

// What is here and what only the project has add up. The API would reject the sum: after a container
// is deleted, where data may be lost.

const MOST_VALUES = 32;
const MOST_IN_VIEW = 300;
const MOST_CONTAINERS = 10;
/** @unit bytes */
const LARGEST_INDEXED_TEXT = 2_400;
const TOGETHER = 'with what only the project has';

/** Limits that a container exceeds together with the one of the project. */
export function containerLimits(wanted: ContainerWrite, found: Container): SchemaChange[] {
  const at = { kind: 'container', name: containerName(wanted), change: 'refused' } as const;
  const whole = remade(wanted, found);
  const count = Object.keys(whole.properties).length;
  const changes: SchemaChange[] = [];
  if (count > MOST_IN_CONTAINER)
    changes.push({
      ...at,
      reason: `${TOGETHER}, it would have ${count} properties, the API takes ${MOST_IN_CONTAINER}; store some of them in another container`,
    });
  for (const [property, { type, defaultValue }] of Object.entries(whole.properties)) {
    const isText = type.type === 'text' && typeof defaultValue === 'string';
    const tooLong = isText ? sizeFault(defaultValue, type.maxTextSize) : undefined;
    // A kept default fits: sizes are only raised.
    if (tooLong !== undefined)
      changes.push({ ...at, property, reason: `${TOGETHER}, its ${tooLong}` });
    const before = ownOf(found.properties, property)?.type;
    const values = Object.keys(type.values ?? {}).length;
    if (values > MOST_VALUES)
      changes.push({
        ...at,
        property,
        reason: `${TOGETHER}, it would have ${values} values, the API takes ${MOST_VALUES}`,
      });
    if (before === undefined || canonical(typeOf(before)) === canonical(typeOf(type))) continue;
    for (const [index, { indexType, properties }] of Object.entries(whole.indexes ?? {})) {
      const isIndexed = Array.isArray(properties) && properties.includes(property);
      const problem = isIndexed ? indexProblem(indexType, type) : undefined;
      if (problem !== undefined)
        changes.push({
          ...at,
          property,
          reason: `${problem}, and it is in the index ${index} of the project; delete the index first`,
        });
    }
  }
  return changes;
}

function typeOf({ type, list = false, maxTextSize }: ContainerPropertyType): object {
  return { type, list, maxTextSize };
}

/** The reason for which an index does not take a property. */
function indexProblem(
  kind: unknown,
  { type, list = false, maxListSize, maxTextSize = 0 }: ContainerPropertyType,
): string | undefined {
  if (kind === 'inverted')
    return list || type === 'json' ? undefined : 'it is neither a list nor json';
  if (kind !== 'btree') return undefined;
  if (type === 'json') return 'json cannot be in a btree index';
  if (list && maxListSize === undefined) return 'a list in a btree index needs a maxListSize';
  return type === 'text' && maxTextSize > LARGEST_INDEXED_TEXT
    ? `text in a btree index has at most ${LARGEST_INDEXED_TEXT} bytes`
    : undefined;
}

/** Limits that a view exceeds, with what it inherits and what only the project has of it. */
export function viewLimits(view: AnyView, found: ViewDefinition | undefined): SchemaChange[] {
  const all = propertiesOf(view);
  const kept = Object.entries(found?.properties ?? {}).filter(([name]) => !all.has(name));
  const containers = new Set<string>();
  for (const [name, definition] of all)
    if (isMapped(definition))
      containers.add(containerName(storageOf(holderOf(view, name), name, definition).container));
  for (const [, property] of kept)
    if ('container' in property) containers.add(containerName(property.container));
  const counts = [
    [all.size + kept.length, MOST_IN_VIEW, 'have', 'properties'],
    [containers.size, MOST_CONTAINERS, 'be stored in', 'containers'],
  ] as const;
  const beside = kept.length > 0 ? `${TOGETHER}, it` : 'it';
  return counts
    .filter(([count, most]) => count > most)
    .map(([count, most, verb, what]) => ({
      kind: 'view',
      name: viewKey(view),
      change: 'refused',
      reason: `${beside} would ${verb} ${count} ${what}, the API takes ${most}`,
    }));
}
