import type { Json } from '../helpers.js';
import type { Contract } from './document.js';

/** A request made from a valid one by changing one thing. */
export interface Variation {
  /** Where and what, for the report and the exemptions. */
  readonly name: string;
  readonly expected: 'accepted' | 'refused';
  readonly body: unknown;
}

type Path = readonly (string | number)[];

/**
 * All variations of an example that its schema tells about: each limit off by one, wrong types,
 * missing, unknown.
 */
export function* variationsOf(
  contract: Contract,
  schema: Json,
  example: Json,
): Generator<Variation> {
  yield* walk(contract, schema, example, [], example);
}

function* walk(
  contract: Contract,
  given: Json,
  value: Json,
  path: Path,
  whole: Json,
): Generator<Variation> {
  const schema = flatten(contract, given, value);
  const variations = Array.isArray(value)
    ? arrayVariations(contract, schema, value, path, whole)
    : typeof value === 'object' && value !== null
      ? objectVariations(contract, schema, value, path, whole)
      : scalarVariations(schema, value);
  for (const variation of variations) {
    if ('body' in variation) yield variation;
    // A value that another branch of the schema allows is not broken.
    else if (
      variation.expected === 'accepted' ||
      variation.what === UNKNOWN ||
      !isAllowed(contract, given, variation.next)
    )
      yield {
        name: `${pathText(path)}: ${variation.what}`,
        expected: variation.expected,
        body: replaced(whole, path, variation.next),
      };
  }
}

/**
 * True if another branch of the schema allows a value. Without branches, a broken value stays
 * broken.
 */
function isAllowed(contract: Contract, given: Json, value: unknown): boolean {
  return hasBranches(contract, given) && contract.isValid(given, value);
}

function hasBranches(contract: Contract, given: Json): boolean {
  const { anyOf, allOf = [] } = contract.resolve(given);
  return anyOf !== undefined || allOf.some((part: Json) => hasBranches(contract, part));
}

const UNKNOWN = 'an unknown member';

/** A variation of the value at hand, not yet put in its place. */
interface Change {
  readonly what: string;
  readonly expected: Variation['expected'];
  readonly next: unknown;
}

function make(what: string, expected: Variation['expected'], next: unknown): Change {
  return { what, expected, next };
}

function* scalarVariations(schema: Json, value: unknown): Generator<Change> {
  if (typeof value === 'string') yield* textVariations(schema, value);
  else if (typeof value === 'number') yield* numberVariations(schema);
  else if (typeof value === 'boolean') yield make('a string', 'refused', 'yes');
}

function* objectVariations(
  contract: Contract,
  schema: Json,
  value: Json,
  path: Path,
  whole: Json,
): Generator<Variation | Change> {
  if (path.length > 0) yield make('a number', 'refused', 7);
  if (schema.properties === undefined) return;
  yield make(UNKNOWN, 'refused', { ...value, notInTheContract: 1 });
  for (const name of schema.required ?? []) {
    if (!(name in value)) continue;
    const { [name]: _left, ...rest } = value;
    yield make(`without ${name}`, 'refused', rest);
  }
  for (const [name, member] of Object.entries<Json>(value)) {
    const own = schema.properties[name];
    if (own === undefined) continue;
    const isOptional =
      !(schema.required ?? []).includes(name) &&
      !['id', 'externalId', 'instanceId', 'update', 'items'].includes(name);
    if (isOptional && !inPatch(path))
      yield make(`${name} null`, 'accepted', { ...value, [name]: null });
    yield* walk(contract, own, member, [...path, name], whole);
  }
}

function* arrayVariations(
  contract: Contract,
  schema: Json,
  value: Json[],
  path: Path,
  whole: Json,
): Generator<Variation | Change> {
  yield make('an object', 'refused', {});
  if ((schema.minItems ?? 0) > 0) yield make('empty', 'refused', []);
  if (schema.maxItems !== undefined && value.length > 0) {
    yield make(
      `${schema.maxItems + 1} elements`,
      'refused',
      Array.from({ length: schema.maxItems + 1 }, () => value[0]),
    );
  }
  if (schema.items !== undefined && value.length > 0)
    yield* walk(contract, schema.items, value[0], [...path, 0], whole);
}

function* textVariations(schema: Json, value: string): Generator<Change> {
  yield make('a number', 'refused', 7);
  if (schema.enum !== undefined) yield make('not one of the words', 'refused', 'notInTheContract');
  if (schema.maxLength !== undefined) {
    const fill = (length: number): string => value.slice(0, 1).padEnd(length, 'x');
    yield make(`${schema.maxLength} characters`, 'accepted', fill(schema.maxLength));
    yield make(`${schema.maxLength + 1} characters`, 'refused', fill(schema.maxLength + 1));
  }
  if ((schema.minLength ?? 0) > 0) yield make('empty', 'refused', '');
}

function* numberVariations(schema: Json): Generator<Change> {
  yield make('a text', 'refused', 'seven');
  if (schema.type === 'integer') yield make('a fraction', 'refused', 1.5);
  if (schema.maximum !== undefined) {
    yield make('at the limit', 'accepted', schema.maximum);
    if (Number.isSafeInteger(schema.maximum + 1))
      yield make('above the limit', 'refused', schema.maximum + 1);
  }
  if (schema.minimum !== undefined) yield make('below the limit', 'refused', schema.minimum - 1);
}

/**
 * The schema with references followed, `allOf` joined and the branch of `oneOf` taken that the
 * value fits.
 */
function flatten(contract: Contract, given: Json, value: Json): Json {
  const schema = contract.resolve(given);
  const parts = (schema.allOf ?? []).map((part: Json) => flatten(contract, part, value));
  const branches: Json[] = schema.anyOf ?? [];
  const branch = branches.find((each) => contract.isValid(each, value)) ?? branches[0];
  if (branch !== undefined) parts.push(flatten(contract, branch, value));
  const properties: Json = { ...schema.properties };
  const required: string[] = [...(schema.required ?? [])];
  const whole: Json = { ...schema };
  for (const part of parts) {
    for (const [name, member] of Object.entries<Json>(part)) whole[name] ??= member;
    for (const [name, member] of Object.entries<Json>(part.properties ?? {}))
      properties[name] ??= member;
    required.push(...(part.required ?? []));
  }
  return {
    ...whole,
    properties: Object.keys(properties).length > 0 ? properties : undefined,
    required,
  };
}

function replaced(whole: Json, [head, ...rest]: Path, value: unknown): Json {
  if (head === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((element, index) =>
      index === head ? replaced(element, rest, value) : element,
    );
  return { ...whole, [head]: replaced(whole[head], rest, value) };
}

function pathText(path: Path): string {
  return (
    path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '') || 'body'
  );
}

/** In a patch a member is a command, and null is not a command. */
function inPatch(path: Path): boolean {
  return path.includes('update');
}
