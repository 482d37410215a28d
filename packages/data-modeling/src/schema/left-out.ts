import { unexpected } from '@cdf/core/resource';
import type { ViewDefinition, ViewPropertyDefinition } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { isKnownConnection, VIEWS } from './check-answers.js';
import { isKnownType } from './kinds-of-types.js';
import { quote } from './literals.js';

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
