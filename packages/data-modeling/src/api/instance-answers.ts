import { type CallOptions, ConfigError, type Transport } from '@cdf/core';
import { isOther, readObject, readPage, unexpected } from '@cdf/core/resource';
import { describe } from '../wire/describe.js';
import { type ModelRequest, send } from '../wire/send.js';

/** Requests whose answers have items for each step. */
const OF_STEPS = ['/instances/query', '/instances/sync'];

/**
 * Sends a request, and gives the answer as it is.
 *
 * @param request a write of which it depends on the items whether it may be repeated says nothing
 * @throws {ConfigError} when the body is not an object
 * @throws {DecodeError} when it has no list of objects, or no such list for each step
 */
export async function sendInstances(
  transport: Transport,
  request: Omit<ModelRequest, 'isExact' | 'idempotent'> & {
    readonly idempotent: boolean | undefined;
  },
  options?: CallOptions,
): Promise<unknown> {
  const label = `POST /models${request.path}`;
  const { body, idempotent = isMerge(body) } = request;
  if (typeof body !== 'object' || body === null || isOther(body))
    throw new ConfigError(`${label}: expected an object, got ${describe(body)}`);
  const answer = await send(transport, { ...request, idempotent, isExact: true }, options);
  if (OF_STEPS.includes(request.path)) checkSteps(answer, label);
  else readPage(answer, label);
  return answer;
}

/** A merge does the same twice. One that looks at versions is refused the second time. */
function isMerge(body: unknown): boolean {
  const { items } = Object(body) as { readonly items?: unknown };
  if (!Array.isArray(items)) return false;
  return items.every((item) => (Object(item).existingVersion ?? undefined) === undefined);
}

function checkSteps(answer: unknown, label: string): void {
  const { items } = readObject(answer, label) as { readonly items?: unknown };
  for (const [step, own] of Object.entries(readObject(items, `${label}: items`)))
    if (Array.isArray(own)) readPage({ items: own }, `${label}: ${step}`);
    else throw unexpected(label, `${step} has no list of items`);
}
