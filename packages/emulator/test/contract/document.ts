import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../helpers.js';
import { amend } from './overlay.js';

/** A published document, and the part of it that is looked at. */
export interface Source {
  readonly location: URL;
  readonly areas: readonly string[];
  /** Brings the document in line with the service. */
  readonly amend: (document: Json) => Json;
}

const CORE: Source = {
  location: new URL('../../../../../shared/contract/cdf-openapi-core.json', import.meta.url),
  areas: [
    '/token/',
    '/assets',
    '/events',
    '/files',
    '/timeseries',
    '/datasets',
    '/labels',
    '/units',
  ],
  amend,
};

/** One operation of the document. */
export interface Operation {
  readonly name: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly requestSchema: Json;
  readonly parameters: readonly Json[];
  /** Throws for a body that is not a valid answer of this status. */
  readonly check: (status: number, body: unknown) => void;
}

export interface Contract {
  readonly operations: readonly Operation[];
  readonly resolve: (schema: Json) => Json;
  readonly isValid: (schema: Json, value: unknown) => boolean;
}

export const haveDocument: boolean = existsSync(CORE.location);

/** The document with its amendments. */
export function loadContract(source: Source = CORE): Contract {
  const document = source.amend(JSON.parse(readFileSync(source.location, 'utf8')));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema(document, 'document');
  const compiled = new Map<string, ValidateFunction>();
  const validator = (pointer: string): ValidateFunction => {
    let found = compiled.get(pointer);
    if (found === undefined) {
      found = ajv.compile({ $ref: `document#${pointer}` });
      compiled.set(pointer, found);
    }
    return found;
  };
  const resolve = (schema: Json): Json =>
    schema?.$ref === undefined ? schema : resolve(at(document, schema.$ref));
  const validators = new WeakMap<object, ValidateFunction>();
  const isValid = (schema: Json, value: unknown): boolean => {
    let found = validators.get(schema);
    if (found === undefined) {
      found = ajv.compile(anchored(schema));
      validators.set(schema, found);
    }
    return found(value) === true;
  };
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries<Json>(document.paths)) {
    if (
      !source.areas.some(
        (area) => path === area || path.startsWith(area.endsWith('/') ? area : `${area}/`),
      )
    )
      continue;
    for (const method of ['get', 'post'] as const) {
      const operation = methods[method];
      if (operation === undefined) continue;
      const check = (status: number, body: unknown): void => {
        const { pointer, response } = responseAt(document, path, method, status);
        if (response?.content?.['application/json'] === undefined) return;
        const validate = validator(`${pointer}/content/application~1json/schema`);
        if (!validate(body))
          throw new Error(
            `${status} ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(body).slice(0, 600)}`,
          );
      };
      operations.push({
        name: `${method.toUpperCase()} ${path}`,
        method,
        path,
        requestSchema: operation.requestBody?.content?.['application/json']?.schema,
        parameters: (operation.parameters ?? []).map(resolve),
        check,
      });
    }
  }
  return { operations, resolve, isValid };
}

/** References inside a fragment lead into the document. */
function anchored(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/'));
}

function responseAt(
  document: Json,
  path: string,
  method: string,
  status: number,
): { pointer: string; response: Json } {
  const own = document.paths[path][method].responses[status];
  if (own === undefined)
    throw new Error(`the document has no answer ${status} for ${method} ${path}`);
  if (own.$ref !== undefined)
    return { pointer: own.$ref.slice(1), response: at(document, own.$ref) };
  return {
    pointer: `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method}/responses/${status}`,
    response: own,
  };
}

function at(document: Json, reference: string): Json {
  let found = document;
  for (const part of reference.slice(2).split('/'))
    found = found[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return found;
}
