import type { CallOptions, Transport } from '@cdf/core';
import { readObject, readPage, unexpected } from '@cdf/core/resource';
import { sendExact } from '../wire/exact-json.js';
import type { ModelRequest } from '../wire/send.js';

/** Requests whose answers have items for each step. */
const OF_STEPS = ['/instances/query', '/instances/sync'];

/**
 * Sends a request, and gives the answer as it is.
 *
 * @throws {DecodeError} when it has no list of objects, or no such list for each step
 */
export async function sendInstances(
  transport: Transport,
  { path: below, ...request }: ModelRequest,
  options?: CallOptions,
): Promise<unknown> {
  const path = `/models${below}`;
  const label = `POST ${path}`;
  const answer = await sendExact(transport, { method: 'POST', path, ...request }, options);
  if (OF_STEPS.includes(below)) checkSteps(answer, label);
  else readPage(answer, label);
  return answer;
}

function checkSteps(answer: unknown, label: string): void {
  const { items } = readObject(answer, label) as { readonly items?: unknown };
  for (const [step, own] of Object.entries(readObject(items, `${label}: items`)))
    if (Array.isArray(own)) readPage({ items: own }, `${label}: ${step}`);
    else throw unexpected(label, `${step} has no list of items`);
}
