import { toEpoch } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { toWireValue } from './values.js';

// Values of conditions that are known when a question is sent: parameters, and relative times.

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

/** Times such as `'now'`, which each use of a question has anew. */
const RELATIVE = /^now$|-(ago|ahead)$/;

/** A relative time of a condition, until the question is sent. */
export class RelativeTime {
  readonly #place: Compared;
  readonly #text: string;

  /** @throws {ConfigError} when it is none */
  constructor(place: Compared, text: string) {
    toComparedValue(place, text);
    this.#place = place;
    this.#text = text;
  }

  static is(place: Compared, value: unknown): value is string {
    return place.definition.kind === 'timestamp' && RELATIVE.test(String(value));
  }

  at(now: number): unknown {
    return toComparedValue(this.#place, toEpoch(this.#text, now));
  }
}

/** A copy of some conditions with the times that relative ones are now. */
export function timesAt<T>(value: T, now: number): T {
  if (value instanceof RelativeTime) return value.at(now) as T;
  if (typeof value !== 'object' || value === null || comparedWith(value)) return value;
  if (Array.isArray(value)) return value.map((each) => timesAt(each, now)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, timesAt(each, now)]),
  ) as T;
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
