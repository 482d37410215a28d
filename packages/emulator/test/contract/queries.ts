import type fc from 'fast-check';
import type { Json } from '../helpers.js';
import type { Contract, Operation } from './document.js';
import { requestsOf } from './generate.js';
import type { Rule } from './rules.js';

/** The rules and repairs for generated query strings. */
export interface QuerySubject {
  readonly rulesFor: (operation: string) => readonly Rule[];
  readonly repaired: (operation: string, body: Json) => Json;
}

/** A query string that breaks one parameter of an operation. */
export interface BrokenQuery {
  readonly name: string;
  readonly query: string;
}

/**
 * The query parameters of an operation as one object schema, lists as the texts in which they are
 * sent.
 */
function schemaOf(contract: Contract, operation: Operation): Json {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  return {
    type: 'object',
    required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, schema }) => [name, contract.resolve(schema)]),
    ),
  };
}

/** Query strings that the parameters of an operation allow; lists are JSON text (section 5). */
export function queriesOf(
  contract: Contract,
  operation: Operation,
  { rulesFor, repaired }: QuerySubject,
): fc.Arbitrary<string> {
  const { name } = operation;
  return requestsOf(contract, schemaOf(contract, operation), rulesFor(name)).map((given) =>
    queryText(repaired(name, { ...given })),
  );
}

function queryText(given: Record<string, Json>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined)
      query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return query.toString();
}

/** Each parameter broken on its own, beside those that must be there. */
export function brokenQueries(
  contract: Contract,
  operation: Operation,
  base: string,
): BrokenQuery[] {
  const found: BrokenQuery[] = [
    { name: 'an unknown parameter', query: withParameter(base, 'notInTheContract', '1') },
  ];
  const { properties, required } = schemaOf(contract, operation);
  for (const [name, given] of Object.entries<Json>(properties)) {
    const schema = given.allOf === undefined ? given : contract.resolve(given.allOf[0]);
    const put = (what: string, value: string): void => {
      found.push({ name: `${name}: ${what}`, query: withParameter(base, name, value) });
    };
    if (required.includes(name))
      found.push({ name: `without ${name}`, query: withParameter(base, name, undefined) });
    if (schema.type === 'integer') {
      put('a text', 'seven');
      put('a fraction', '1.5');
      put('nothing', '');
      if (schema.minimum !== undefined) put('below the limit', String(schema.minimum - 1));
      if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER)
        put('above the limit', String(schema.maximum + 1));
    }
    if (schema.type === 'boolean') put('a number', '7');
    if (schema.maxLength !== undefined)
      put(`${schema.maxLength + 1} characters`, 'x'.repeat(schema.maxLength + 1));
    if (schema.type === 'array' || String(schema.format).startsWith('jsonArray'))
      put('an object', '{"a":1}');
    if (name === 'cursor') put('of something else', 'bm90aGluZw');
    if (name === 'partition') put('a number', '7');
  }
  return found;
}

function withParameter(base: string, name: string, value: string | undefined): string {
  const query = new URLSearchParams(base);
  if (value === undefined) query.delete(name);
  else query.set(name, value);
  return query.toString();
}
