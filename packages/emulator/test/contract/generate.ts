import fc from 'fast-check';
import type { Json } from '../helpers.js';
import type { Contract } from './document.js';
import type { Rule } from './rules.js';

type Arbitrary = fc.Arbitrary<Json>;

/** Requests that a schema allows, and that the rules of the contract notes do not forbid. */
export function requestsOf(contract: Contract, schema: Json, rules: readonly Rule[]): Arbitrary {
  return anyOf(contract, schema, '', rules);
}

function anyOf(contract: Contract, given: Json, path: string, rules: readonly Rule[]): Arbitrary {
  const rule = rules.find((each) => each.path.test(path));
  if (rule?.make !== undefined) return rule.make;
  return fc.oneof(
    ...alternatives(contract, given).map((schema) => one(contract, schema, path, rules)),
  );
}

/** The schemas without `allOf`, `anyOf` and `oneOf` that together stand for this one. */
function alternatives(contract: Contract, given: Json): Json[] {
  const schema = contract.resolve(given);
  const { allOf = [], anyOf: branches, ...own } = schema;
  let found: Json[] = [own];
  for (const part of allOf) found = product(found, alternatives(contract, part));
  if (branches !== undefined) {
    const inner = branches.flatMap((branch: Json) => alternatives(contract, branch));
    found = product(found, inner);
  }
  return found;
}

function product(left: readonly Json[], right: readonly Json[]): Json[] {
  return left.flatMap((a) => right.map((b) => merged(a, b)));
}

function merged(a: Json, b: Json): Json {
  const properties =
    (a.properties ?? b.properties) ? { ...b.properties, ...a.properties } : undefined;
  return { ...b, ...a, properties, required: [...(a.required ?? []), ...(b.required ?? [])] };
}

function one(contract: Contract, schema: Json, path: string, rules: readonly Rule[]): Arbitrary {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types: readonly string[] = Array.isArray(schema.type)
    ? schema.type.filter((each: string) => each !== 'null')
    : [];
  if (types.length > 1)
    return fc.oneof(...types.map((type) => one(contract, { ...schema, type }, path, rules)));
  switch (typeOf(schema)) {
    case 'object':
      return objects(contract, schema, path, rules);
    case 'array':
      return arrays(contract, schema, path, rules);
    case 'string':
      return texts(schema.minLength ?? 0, schema.maxLength ?? 200);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000 });
    case 'number':
      return fc
        .double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
        .map((value) => value + 0);
    case 'boolean':
      return fc.boolean();
    default:
      throw new Error(`no values are known for ${path}: ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function typeOf(schema: Json): string {
  const type = Array.isArray(schema.type)
    ? schema.type.find((each: string) => each !== 'null')
    : schema.type;
  return type ?? (schema.properties === undefined ? 'unknown' : 'object');
}

function objects(
  contract: Contract,
  schema: Json,
  path: string,
  rules: readonly Rule[],
): Arbitrary {
  if (schema.properties === undefined) {
    const { additionalProperties } = schema;
    const value =
      typeof additionalProperties === 'object'
        ? anyOf(contract, additionalProperties, `${path}.*`, rules)
        : fc.constant('x');
    return fc.dictionary(texts(1, 20), value, { maxKeys: 3, noNullPrototype: true });
  }
  const model: Record<string, Arbitrary> = {};
  for (const [name, member] of Object.entries<Json>(schema.properties)) {
    const own = path === '' ? name : `${path}.${name}`;
    if (rules.some((rule) => rule.path.test(own) && rule.make === undefined)) continue;
    model[name] = anyOf(contract, member, own, rules);
  }
  const requiredKeys = [...new Set<string>(schema.required ?? [])].filter((name) => name in model);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function arrays(contract: Contract, schema: Json, path: string, rules: readonly Rule[]): Arbitrary {
  const minLength = schema.minItems ?? 0;
  const maxLength = Math.min(schema.maxItems ?? 3, Math.max(3, minLength));
  const element = anyOf(contract, schema.items ?? { type: 'string' }, `${path}[]`, rules);
  return fc.uniqueArray(element, {
    minLength,
    maxLength,
    selector: (value) => JSON.stringify(value),
  });
}

/** Short texts as a rule, at times as long as is allowed; not all of them ASCII. */
function texts(minLength: number, maxLength: number): Arbitrary {
  const short = fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 12) });
  const longest = fc.string({ minLength: maxLength, maxLength });
  const foreign = fc
    .constantFrom('Ærø', '温度', 'a b', 'it\'s "so"')
    .filter((text) => text.length >= minLength && text.length <= maxLength);
  const choices = [{ arbitrary: short, weight: 8 }];
  if (maxLength <= 1000) choices.push({ arbitrary: longest, weight: 1 });
  if (maxLength >= 10 && minLength <= 3) choices.push({ arbitrary: foreign, weight: 2 });
  return fc.oneof(...choices);
}
