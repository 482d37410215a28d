import type { PropertyDefinition } from '../view/definition.js';
import { toWireValue } from './values.js';

// Values of a graph that are given when it runs.

/** What a value of a graph is compared with: it is checked when the graph runs. */
const compared = /* @__PURE__ */ new WeakMap<object, Compared>();

/** The property that a parameter is compared with. */
export interface Compared {
  readonly definition: PropertyDefinition;
  readonly path: readonly string[];
  readonly what: string;
}

/** Notes what a parameter of a filter is compared with. */
export function setCompared(parameter: object, place: Compared): void {
  compared.set(parameter, place);
}

/** The property that a parameter of a filter is compared with. */
export function comparedWith(parameter: object): Compared | undefined {
  return compared.get(parameter);
}

/** @throws {ConfigError} for a value that the property cannot have */
export function toComparedValue({ definition, path, what }: Compared, value: unknown): unknown {
  const wire = toWireValue(definition, value, what);
  // Times of nodes are numbers, those of properties are text.
  return path.length === 2 && definition.kind === 'timestamp' ? Date.parse(wire as string) : wire;
}

/** The parameters that `param()` has made. */
const made = /* @__PURE__ */ new WeakSet<object>();

export function makeParameter(parameter: string): { readonly parameter: string } {
  const value = { parameter };
  made.add(value);
  return value;
}

/**
 * Tells whether a condition on a relation is a parameter: the view on the other side may have a
 * property of that name.
 */
export function isParameterFor(properties: ReadonlyMap<string, unknown>, value: unknown): boolean {
  return isParameter(value) && (!properties.has('parameter') || made.has(value));
}

/** Tells whether a value of a condition is a parameter. */
export function isParameter(value: unknown): value is { readonly parameter: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { parameter } = value as { readonly parameter?: unknown };
  return typeof parameter === 'string' && Object.keys(value).length === 1;
}
