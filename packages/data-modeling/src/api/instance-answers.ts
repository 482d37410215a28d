import type { CallOptions, Transport } from '@cdf/core';
import { readObject, readPage, unexpected } from '@cdf/core/resource';
import { type ModelRequest, send } from '../wire/send.js';

/** Requests whose answers have items for each step. */
const OF_STEPS = ['/instances/query', '/instances/sync'];

/**
 * Sends a request, and gives the answer as it is.
 *
 * @throws {DecodeError} when it has no list of objects, or no such list for each step
 */
export async function sendInstances(
  transport: Transport,
  request: Omit<ModelRequest, 'isExact'>,
  options?: CallOptions,
): Promise<unknown> {
  const label = `POST /models${request.path}`;
  const answer = await send(transport, { ...request, isExact: true }, options);
  if (OF_STEPS.includes(request.path)) checkSteps(answer, label);
  else readPage(answer, label);
  return answer;
}

function checkSteps(answer: unknown, label: string): void {
  const { items } = readObject(answer, label) as { readonly items?: unknown };
  for (const [step, own] of Object.entries(readObject(items, `${label}: items`)))
    if (Array.isArray(own)) readPage({ items: own }, `${label}: ${step}`);
    else throw unexpected(label, `${step} has no list of items`);
}
