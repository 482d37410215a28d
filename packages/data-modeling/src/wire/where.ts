import { ConfigError } from '@cdf/core';
import { evenChunks, quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { isView, propertiesOf } from '../view/properties.js';
import { describe } from './describe.js';
import { allOf, type WireFilter } from './filters.js';
import {
  isParameter,
  isParameterFor,
  RelativeTime,
  setCompared,
  toComparedValue,
} from './parameters.js';
import {
  isHalfName,
  isLeftOut,
  isName,
  isNested,
  isOperators,
  readOperators,
} from './where-operators.js';

type Path = readonly string[];

/** Values that one filter may list. */
const MOST_VALUES = 1_000;
/** Filters inside one another: what is deeper is a circle. */
const DEEPEST = 100;
const MATCH_NONE: WireFilter = { not: { matchAll: {} } };

/** The fields of every node. */
const NODE_FIELDS: Readonly<Record<string, PropertyDefinition>> = {
  space: { kind: 'text', list: false, nullable: false },
  externalId: { kind: 'text', list: false, nullable: false },
  createdTime: { kind: 'timestamp', list: false, nullable: false },
  lastUpdatedTime: { kind: 'timestamp', list: false, nullable: false },
};
const REFERENCE: PropertyDefinition = { kind: 'node', list: false, nullable: false };
/** Those of every edge. */
const EDGE_FIELDS: typeof NODE_FIELDS = {
  ...NODE_FIELDS,
  type: REFERENCE,
  startNode: REFERENCE,
  endNode: REFERENCE,
};
const LOGIC = { and: true, or: true, not: true };

/** Values that are known when the question is sent: `RelativeTime`s, or parameters besides. */
export type Later = 'times' | 'parameters';

/**
 * Conditions as a filter of the API; `undefined` when everything passes.
 *
 * @param instance `node`, or `edge` where the view is one of edges
 * @param later values that stay open. @default none
 * @throws {ConfigError} for a property, operator or value that cannot be, before anything is sent
 */
export function toFilter(
  view: AnyView,
  where: unknown,
  what: string,
  instance: 'node' | 'edge' = 'node',
  later?: Later,
): WireFilter | undefined {
  return new WhereCompiler(what, instance, later).where(view, where, 0);
}

function anyOf(filters: readonly WireFilter[]): WireFilter {
  const [only] = filters;
  return only === undefined ? MATCH_NONE : filters.length === 1 ? only : { or: filters };
}

class WhereCompiler {
  readonly #what: string;
  readonly #instance: 'node' | 'edge';
  readonly #later: Later | undefined;

  constructor(what: string, instance: 'node' | 'edge', later: Later | undefined) {
    this.#what = what;
    this.#instance = instance;
    this.#later = later;
  }

  where(view: AnyView, where: unknown, depth: number): WireFilter | undefined {
    if (where === undefined) return undefined;
    if (typeof where !== 'object' || where === null || Array.isArray(where))
      throw new ConfigError(
        `${this.#what}: expected an object of conditions, got ${describe(where)}`,
      );
    if (depth > DEEPEST)
      throw new ConfigError(`${this.#what}: more than ${DEEPEST} conditions inside one another`);
    const properties = propertiesOf(view);
    const fields = this.#instance === 'edge' ? EDGE_FIELDS : NODE_FIELDS;
    const filters: (WireFilter | undefined)[] = [];
    for (const [name, condition] of Object.entries(where)) {
      if (condition === undefined) continue;
      const own = properties.get(name);
      if (own !== undefined) filters.push(this.#property(view, name, own, condition, depth));
      else if (Object.hasOwn(LOGIC, name)) filters.push(this.#logic(view, name, condition, depth));
      else if (Object.hasOwn(fields, name)) {
        const definition = fields[name] as PropertyDefinition;
        filters.push(this.#single([this.#instance, name], definition, name, condition));
      } else
        refuseUnknown(
          [name],
          { ...Object.fromEntries(properties), ...fields, ...LOGIC },
          this.#what,
        );
    }
    return allOf(filters);
  }

  #logic(view: AnyView, name: string, condition: unknown, depth: number): WireFilter | undefined {
    if (name === 'not') {
      const negated = this.where(view, condition, depth + 1);
      this.#refuseVoid(condition, name);
      return negated === undefined ? MATCH_NONE : { not: negated };
    }
    if (!Array.isArray(condition))
      throw new ConfigError(
        `${this.#what}: ${name} must be an array of conditions, got ${describe(condition)}`,
      );
    const filters = condition.map((each) => this.where(view, each, depth + 1));
    if (name === 'and') return allOf(filters);
    const missing = [...condition].indexOf(undefined);
    if (missing >= 0)
      throw new ConfigError(
        `${this.#what}: or[${missing}] is undefined, and would let everything through; leave it out`,
      );
    condition.forEach((each, index) => {
      this.#refuseVoid(each, `or[${index}]`);
    });
    return filters.includes(undefined) ? undefined : anyOf(filters as WireFilter[]);
  }

  /** Without its conditions, an alternative would find everything, and a negation nothing. */
  #refuseVoid(conditions: unknown, place: string): void {
    if (isLeftOut(conditions))
      throw new ConfigError(
        `${this.#what}: ${place}: all conditions are undefined or empty; leave it out`,
      );
  }

  #property(
    view: AnyView,
    name: string,
    own: PropertyDefinition,
    condition: unknown,
    depth: number,
  ): WireFilter | undefined {
    if (own.kind === 'reverse')
      throw new ConfigError(
        `${this.#what}: ${quoted(name)} is a relation that others hold; filter the other side, or use graph()`,
      );
    if (own.kind === 'edges')
      throw new ConfigError(
        `${this.#what}: ${quoted(name)} is made of edges; filter them by startNode or endNode, or use graph()`,
      );
    const path = [view.space, `${view.externalId}/${view.version}`, name];
    if (condition === null) return { not: { exists: { property: path } } };
    if (own.list) return this.#list(path, own, name, condition);
    if (own.kind === 'ref') this.#refuseHalf(name, condition);
    const target = own.kind === 'ref' && isNested(condition) ? this.#target(own, name) : undefined;
    // As at the top: what is undefined is left out.
    if (target !== undefined && isLeftOut(condition)) return undefined;
    if (target !== undefined && !isParameterFor(propertiesOf(target), condition)) {
      const nodes = new WhereCompiler(this.#what, 'node', this.#later);
      const inner = nodes.where(target, condition, depth + 1);
      return inner === undefined
        ? { exists: { property: path } }
        : { nested: { scope: path, filter: inner } };
    }
    return this.#single(path, own, name, condition);
  }

  /** What remains of such a name fits other nodes too. */
  #refuseHalf(name: string, condition: unknown): void {
    if (isHalfName(condition))
      throw new ConfigError(
        `${this.#what}: ${quoted(name)}: expected { space, externalId }, got ${describe(condition)}; leave the name out, or give both`,
      );
  }

  #target(own: PropertyDefinition, name: string): AnyView {
    const target: unknown = own.target?.();
    if (isView(target)) return target;
    throw new ConfigError(
      `${this.#what}: ${quoted(name)}: the function gives ${describe(target)}, expected a view`,
    );
  }

  #single(
    path: Path,
    own: PropertyDefinition,
    name: string,
    condition: unknown,
  ): WireFilter | undefined {
    if (Array.isArray(condition))
      throw new ConfigError(
        `${this.#what}: ${quoted(name)} is not a list; for one of several use { in: [...] }`,
      );
    const isReference = ['node', 'ref', 'timeSeries', 'file'].includes(own.kind);
    if (isReference) this.#refuseHalf(name, condition);
    const isValue =
      !isOperators(condition) || isParameter(condition) || (isReference && isName(condition));
    if (isValue && own.kind !== 'json')
      return { equals: { property: path, value: this.#value(path, own, name, condition) } };
    const operators = readOperators(condition, own, `${this.#what}: ${quoted(name)}`);
    const { exists, in: values, prefix, ...bounds } = operators;
    return allOf([
      this.#exists(path, exists),
      values === undefined ? undefined : this.#isIn(path, own, name, values),
      prefix === undefined
        ? undefined
        : { prefix: { property: path, value: this.#value(path, own, name, prefix) } },
      this.#range(path, own, name, bounds),
    ]);
  }

  #list(
    path: Path,
    own: PropertyDefinition,
    name: string,
    condition: unknown,
  ): WireFilter | undefined {
    if (Array.isArray(condition))
      return { equals: { property: path, value: this.#values(path, own, name, condition) } };
    if (!isOperators(condition) || isName(condition))
      throw new ConfigError(
        `${this.#what}: ${quoted(name)} is a list: use { containsAny: [...] }, or an array for the whole list`,
      );
    const { exists, containsAny, containsAll, prefix } = readOperators(
      condition,
      own,
      `${this.#what}: ${quoted(name)}`,
    );
    const chunks = (values: unknown): unknown[][] =>
      inChunks(this.#values(path, own, name, values));
    return allOf([
      this.#exists(path, exists),
      containsAny === undefined
        ? undefined
        : anyOf(chunks(containsAny).map((values) => ({ containsAny: { property: path, values } }))),
      containsAll === undefined
        ? undefined
        : allOf(chunks(containsAll).map((values) => ({ containsAll: { property: path, values } }))),
      prefix === undefined
        ? undefined
        : { prefix: { property: path, value: this.#values(path, own, name, prefix) } },
    ]);
  }

  #exists(path: Path, exists: unknown): WireFilter | undefined {
    if (exists === undefined) return undefined;
    if (typeof exists !== 'boolean')
      throw new ConfigError(`${this.#what}: exists must be a boolean, got ${describe(exists)}`);
    const filter = { exists: { property: path } };
    return exists ? filter : { not: filter };
  }

  #isIn(path: Path, own: PropertyDefinition, name: string, given: unknown): WireFilter {
    const values = this.#values(path, own, name, given);
    // The API refuses `in` for enums.
    if (own.kind === 'enum')
      return anyOf(values.map((value) => ({ equals: { property: path, value } })));
    return anyOf(inChunks(values).map((chunk) => ({ in: { property: path, values: chunk } })));
  }

  #range(
    path: Path,
    own: PropertyDefinition,
    name: string,
    bounds: Readonly<Record<string, unknown>>,
  ): WireFilter | undefined {
    const given = Object.entries(bounds).filter(([, bound]) => bound !== undefined);
    if (given.length === 0) return undefined;
    const names = given.map(([bound]) => bound);
    for (const [exclusive, inclusive] of [
      ['gt', 'gte'],
      ['lt', 'lte'],
    ] as const)
      if (names.includes(exclusive) && names.includes(inclusive))
        throw new ConfigError(
          `${this.#what}: ${quoted(name)} has both ${exclusive} and ${inclusive}`,
        );
    const values = given.map(([bound, value]) => [bound, this.#value(path, own, name, value)]);
    return { range: { property: path, ...Object.fromEntries(values) } };
  }

  #values(path: Path, own: PropertyDefinition, name: string, values: unknown): unknown[] {
    if (!Array.isArray(values))
      throw new ConfigError(
        `${this.#what}: ${quoted(name)}: expected an array, got ${describe(values)}`,
      );
    // Not `map`: it would leave holes, which JSON writes as null.
    return Array.from(values, (value) => this.#value(path, own, name, value));
  }

  #value(path: Path, own: PropertyDefinition, name: string, value: unknown): unknown {
    const what = `${this.#what}: ${quoted(name)}`;
    if (isParameter(value)) {
      if (this.#later !== 'parameters')
        throw new ConfigError(`${what}: param() is for graph(); give the value itself`);
      const parameter = { parameter: value.parameter };
      setCompared(parameter, { definition: own, path, what });
      return parameter;
    }
    const place = { definition: own, path, what };
    return this.#later && RelativeTime.is(place, value)
      ? new RelativeTime(place, value)
      : toComparedValue(place, value);
  }
}

function inChunks(values: readonly unknown[]): unknown[][] {
  return evenChunks(values.length, MOST_VALUES).map((indexes) =>
    indexes.map((index) => values[index]),
  );
}
