import { badRequest } from '../errors.js';
import type { CompiledProperty, CompiledSource } from '../schema/compiled-view.js';
import { CORE_CODES } from '../schema/core.js';
import { containerKey, versionedKey } from '../schema/keys.js';
import type { SourceReference } from '../schema/model.js';
import type { Schema } from '../schema/schema.js';
import { InvalidValue, isSame, type Value } from '../schema/values.js';
import type { Row } from './entry.js';
import type { SourceWrite } from './write-body.js';

/** The values that a request gives for one container; null clears. */
export interface RowChange {
  readonly container: CompiledSource;
  readonly values: Map<string, Value | null>;
}

/** Properties of the core model that only the server sets; values for them are dropped. */
const SERVER_KEPT: ReadonlySet<string> = new Set([
  `${CORE_CODES.asset} assetHierarchy_root`,
  `${CORE_CODES.asset} assetHierarchy_path`,
  `${CORE_CODES.asset} assetHierarchy_path_last_updated_time`,
  `${CORE_CODES.file} isUploaded`,
  `${CORE_CODES.file} uploadedTime`,
]);

function isServerKept(code: string, identifier: string): boolean {
  return SERVER_KEPT.has(`${code} ${identifier}`);
}

/** Finds the views and containers of sources; refuses those that do not exist. */
export function sourceFinder(schema: Schema): (reference: SourceReference) => CompiledSource {
  return (reference) => {
    const found = schema.source(reference);
    if (found !== undefined) return found;
    throw reference.type === 'view'
      ? badRequest(`One or more views do not exist: '${versionedKey(reference)}'`)
      : badRequest(`One or more containers do not exist: '${containerKey(reference)}'`);
  };
}

/**
 * The changes that the sources of one item make to the rows of its containers; a view touches all
 * that it maps.
 */
export function rowChanges(
  sources: readonly SourceWrite[],
  find: (reference: SourceReference) => CompiledSource,
  containerOf: (code: string) => CompiledSource,
  instanceType: 'node' | 'edge',
): ReadonlyMap<string, RowChange> {
  const changes = new Map<string, RowChange>();
  for (const { source, properties = {} } of sources) {
    const compiled = find(source);
    checkUse(compiled, instanceType);
    for (const code of compiled.codes) {
      if (!changes.has(code))
        changes.set(code, { container: containerOf(code), values: new Map() });
    }
    for (const name of Object.keys(properties)) {
      const property = compiled.properties.get(name);
      if (property === undefined) throw unknownProperty(source, name);
      const change = changes.get(property.code) as RowChange;
      const value = readValue(property, name, properties[name]);
      if (!isServerKept(property.code, property.identifier))
        change.values.set(property.identifier, value);
    }
  }
  return changes;
}

/**
 * The row that a change leads to; `before` is absent for a new row. A row that stays as it is comes
 * back itself.
 */
export function changedRow(
  { container, values }: RowChange,
  before: Row | undefined,
  options: { readonly replace: boolean; readonly next: (property: CompiledProperty) => Value },
): Row {
  if (before !== undefined && !options.replace) return mergedRow(container, values, before);
  const row: Record<string, Value> = {};
  for (const property of container.properties.values()) {
    const { code, identifier } = property;
    const old = before?.[identifier];
    const given = isServerKept(code, identifier) ? old : values.get(identifier);
    const after = given === null ? undefined : (given ?? newValue(property, old, options.next));
    checkValue(property, old, after);
    if (after !== undefined) row[identifier] = after;
  }
  return before !== undefined && isSame(before, row) ? before : row;
}

function newValue(
  property: CompiledProperty,
  old: Value | undefined,
  next: (property: CompiledProperty) => Value,
): Value | undefined {
  return property.property.autoIncrement ? (old ?? next(property)) : property.fallback;
}

function mergedRow(container: CompiledSource, values: RowChange['values'], before: Row): Row {
  let row: Record<string, Value> | undefined;
  for (const [identifier, given] of values) {
    const old = before[identifier];
    const after = given ?? undefined;
    if (isSame(old, after)) continue;
    checkValue(container.properties.get(identifier) as CompiledProperty, old, after);
    row ??= { ...before };
    if (after === undefined) delete row[identifier];
    else row[identifier] = after;
  }
  return row ?? before;
}

function checkValue(
  { identifier, property }: CompiledProperty,
  old: Value | undefined,
  after: Value | undefined,
): void {
  if (property.immutable && old !== undefined && !isSame(old, after))
    throw badRequest(`Property '${identifier}' is immutable and cannot be changed.`);
  if (!property.nullable && after === undefined)
    throw badRequest(
      `Invalid value for non-nullable property '${identifier}'. Value cannot be null.`,
    );
}

function readValue(compiled: CompiledProperty, name: string, value: unknown): Value | null {
  if (value === null || value === undefined) {
    if (compiled.property.nullable) return null;
    throw badRequest(`Invalid value for non-nullable property '${name}'. Value cannot be null.`);
  }
  const read = compiled.read(value);
  if (read instanceof InvalidValue) throw badRequest(read.problem.replace('%', name));
  return read;
}

function unknownProperty(source: SourceReference, name: string): Error {
  const where =
    source.type === 'view'
      ? `view '${versionedKey(source)}'`
      : `container '${containerKey(source)}'`;
  return badRequest(`Unknown property '${name}' in ${where}.`);
}

function checkUse({ reference, usedFor }: CompiledSource, instanceType: 'node' | 'edge'): void {
  if (usedFor === 'all' || usedFor === instanceType) return;
  const name = reference.type === 'view' ? versionedKey(reference) : containerKey(reference);
  throw badRequest(
    `The ${reference.type} '${name}' is used for ${usedFor}s, not for ${instanceType}s.`,
  );
}
