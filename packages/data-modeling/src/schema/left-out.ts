import { unexpected } from '@cdf/core/resource';
import type { ViewDefinition, ViewPropertyDefinition } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { isKnownConnection, VIEWS } from './check-answers.js';
import { containerName } from './container-name.js';
import { isKnownType } from './kinds-of-types.js';
import { quote } from './literals.js';
import { isReverse, throughOf } from './through.js';

/** Members of every edge, which no property of its view can be read beside. */
const OF_EDGES = ['type', 'startNode', 'endNode'];

/** A view without the properties that no view of ours can have, and why they are left out. */
export interface WritableView {
  readonly view: ViewDefinition;
  readonly leftOut: ReadonlyMap<string, string>;
}

/** @throws {DecodeError} for a property without a type */
export function withoutUnknown(view: ViewDefinition): WritableView {
  const leftOut = new Map<string, string>();
  const properties = Object.entries(view.properties).filter(([name, definition]) => {
    const reason = reasonOf(view, name, definition);
    if (reason !== undefined) leftOut.set(name, reason);
    return reason === undefined;
  });
  return { view: { ...view, properties: Object.fromEntries(properties) }, leftOut };
}

/**
 * Views whose reverse relations name a property of the view on the other side. One that the view on
 * the other side does not have, or not as it is written, is left out.
 *
 * @param outside views of which properties only tell where they are stored
 */
export function withOwnThrough(
  views: readonly WritableView[],
  given: readonly ViewDefinition[],
  outside: readonly ViewDefinition[],
): WritableView[] {
  const written = byKey(views.map(({ view }) => view));
  const all = byKey([...outside, ...given]);
  return views.map(({ view, leftOut }) => {
    const reasons = new Map(leftOut);
    const properties = Object.entries(view.properties).flatMap(([name, definition]) => {
      if (!isReverse(definition)) return [[name, definition] as const];
      const { source, through } = definition;
      const identifier = throughOf(definition, written, all);
      if (identifier !== undefined)
        return [[name, { ...definition, through: { source, identifier } }] as const];
      const holder =
        through.source.type === 'view' ? viewKey(through.source) : containerName(through.source);
      reasons.set(
        name,
        `it goes through ${quote(through.identifier)} of ${holder}, which is no property of ${source.externalId}`,
      );
      return [];
    });
    return { view: { ...view, properties: Object.fromEntries(properties) }, leftOut: reasons };
  });
}

function byKey(views: readonly ViewDefinition[]): Map<string, ViewDefinition> {
  return new Map(views.map((view) => [viewKey(view), view]));
}

function reasonOf(
  view: ViewDefinition,
  name: string,
  definition: ViewPropertyDefinition,
): string | undefined {
  if (view.usedFor === 'edge' && OF_EDGES.includes(name))
    return `edges have a ${name} of their own`;
  if (!('container' in definition)) {
    const { connectionType } = definition;
    return isKnownConnection(connectionType) ? undefined : unknown('connection', connectionType);
  }
  const { type, list, values } = (definition.type ?? {}) as {
    readonly type?: unknown;
    readonly list?: boolean;
    readonly values?: object;
  };
  if (typeof type !== 'string')
    throw unexpected(VIEWS, `property "${name}" of view ${viewKey(view)} has no type`);
  if (type === 'enum' && list === true) return 'this version of the library has no lists of enums';
  if (type === 'enum' && Object.keys(values ?? {}).length === 0)
    return 'it is an enum of no values';
  return isKnownType(type) ? undefined : unknown('type', type);
}

function unknown(what: string, type: unknown): string {
  return `this version of the library does not know its ${what}, ${quote(String(type))}`;
}
