import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { isView, propertiesOf, toSource, viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { allOf, hasData, type WireFilter } from '../wire/filters.js';

/** A relation of a view, and how the API walks it. */
export interface RelationPlan {
  readonly name: string;
  readonly definition: PropertyDefinition;
  readonly target: AnyView;
  /** The relation of the target that points back, for reverse relations. */
  readonly through: PropertyDefinition | undefined;
  /** A query can walk it. The API does not walk inwards through lists of relations. */
  readonly isWalkable: boolean;
}

/**
 * @throws {ConfigError} when the view has no such relation, or the other side does not point here
 */
export function planRelation(view: AnyView, name: string, what: string): RelationPlan {
  const properties = propertiesOf(view);
  const definition = properties.get(name);
  if (definition?.target === undefined) {
    const relations = [...properties].filter(([, { target }]) => target !== undefined);
    const at = `${what}: ${viewKey(view)}`;
    if (definition === undefined && relations.length > 0)
      refuseUnknown([name], Object.fromEntries(relations), at);
    const names = relations.map(([relation]) => relation).join(', ');
    throw new ConfigError(
      `${at}: ${quoted(name)} is ${definition === undefined ? 'unknown' : `a property of kind ${definition.kind}`}, expected a relation to a view; ${names === '' ? 'the view has no relations' : `its relations: ${names}`}`,
    );
  }
  if (typeof definition.target !== 'function')
    throw new ConfigError(
      `${what}: ${quoted(name)} of ${viewKey(view)} takes a function: p.ref(() => view)`,
    );
  const target: unknown = definition.target();
  if (!isView(target))
    throw new ConfigError(
      `${what}: ${quoted(name)} of ${viewKey(view)}: the function gives ${describe(target)}, expected a view`,
    );
  if (definition.kind === 'edges') {
    const { edgeType } = definition;
    if (typeof edgeType?.space !== 'string' || typeof edgeType.externalId !== 'string')
      throw new ConfigError(
        `${what}: ${quoted(name)} of ${viewKey(view)}: type must be { space, externalId }, got ${describe(edgeType)}`,
      );
  }
  if (definition.kind !== 'reverse')
    return { name, definition, target, through: undefined, isWalkable: true };
  const through = propertiesOf(target).get(definition.through ?? '');
  if (through?.kind !== 'ref')
    throw new ConfigError(
      `${what}: ${quoted(name)} of ${viewKey(view)} goes through ${quoted(definition.through ?? '')}, which ${viewKey(target)} does not have as a relation`,
    );
  return { name, definition, target, through, isWalkable: !through.list };
}

/**
 * The step from nodes of a view to those on the other side of a relation; for edges, the step to
 * the edges.
 */
export function relationStep(
  view: AnyView,
  { name, definition, target }: RelationPlan,
  from: string,
  filter: WireFilter | undefined,
): { readonly step: Readonly<Record<string, unknown>>; readonly isEdges: boolean } {
  const passes = allOf([hasData(target), filter]);
  if (definition.kind === 'edges') {
    const { edgeType, direction, edgeView } = definition;
    const type = { equals: { property: ['edge', 'type'], value: edgeType } };
    const edges = {
      from,
      direction,
      maxDistance: 1,
      filter: allOf([type, edgeView && hasData(edgeView())]),
    };
    return { step: { edges }, isEdges: true };
  }
  const isReverse = definition.kind === 'reverse';
  const through = isReverse
    ? { source: toSource(target), identifier: definition.through }
    : { source: toSource(view), identifier: name };
  const nodes = { from, through, direction: isReverse ? 'inwards' : 'outwards', filter: passes };
  return { step: { nodes }, isEdges: false };
}

/** The step from edges to the nodes on their other side. */
export function farNodesStep(
  target: AnyView,
  from: string,
  filter: WireFilter | undefined,
): Readonly<Record<string, unknown>> {
  return { nodes: { from, chainTo: 'destination', filter: allOf([hasData(target), filter]) } };
}
