import type { ApiErrorDetails } from '../../errors.js';
import { NOT_ACCEPTED } from './no-access.js';

/** One capability stands for several kinds of resources here: no path has its name. */
const CAPABILITIES: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/models\/instances(\/.*)?$/, 'dataModelInstancesAcl'],
  [/^\/models\/(?:spaces|containers|views|datamodels)(\/.*)?$/, 'dataModelsAcl'],
];

/** The remedy for a token that is not accepted. @param said the message of the API */
export function tokenAdvice(said: string): string {
  return /\bexpired\b/i.test(said) ? 'sign in again, or give a new one' : NOT_ACCEPTED;
}

/** The remedy for a refusal of what a request does, with the capability where the path tells it. */
export function capabilityAdvice({ method, path = '' }: ApiErrorDetails): string {
  const [which = ''] = CAPABILITIES.flatMap(([pattern, name]) => {
    const found = pattern.exec(path);
    if (found === null) return [];
    const [, operation = ''] = found;
    const isWrite = method === 'POST' && (operation === '' || operation.endsWith('/delete'));
    return [` (${name}:${isWrite ? 'WRITE' : 'READ'}, for the space)`];
  });
  return `the credentials lack the required capability${which}, or have no access to this project`;
}
