import type { CallOptions, Transport } from '@cdf/core';
import { writeInChunks } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { deletedOf, readConfirmed } from '../wire/confirmed.js';
import { laneLimit } from '../wire/lane-limit.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { isAboutSpaces, missingSpaces } from './refusals.js';

const MOST_PER_REQUEST = 1_000;
const LABEL = 'POST /models/instances/delete';

/**
 * Deletes nodes or edges. Unknown ones are left out, also those of unknown spaces.
 *
 * @returns those that were deleted
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the names
 */
export async function deleteInChunks(
  transport: Transport,
  instance: 'node' | 'edge',
  names: readonly NodeReference[],
  action: string,
  options: CallOptions,
): Promise<NodeReference[]> {
  const items = [...new Map(names.map((name) => [referenceKey(name), name])).values()];
  const write = async (
    chunk: readonly NodeReference[],
    call: CallOptions,
    onAttempt: () => void,
  ): Promise<readonly boolean[]> => {
    const body = { items: chunk.map((name) => ({ instanceType: instance, ...name })) };
    const request = {
      path: '/instances/delete',
      body,
      lane: 'delete',
      idempotent: true,
      onAttempt,
    } as const;
    let answer: unknown;
    try {
      answer = await send(transport, request, call);
    } catch (error) {
      if (call.signal?.aborted || !isAboutSpaces(error)) throw error;
      const spaces = new Set(chunk.map(({ space }) => space));
      const missing = spaces.size === 1 ? [...spaces] : missingSpaces(error, spaces);
      if (missing.length === 0) throw error;
      const others = chunk.filter(({ space }) => !missing.includes(space));
      const deleted = others.length === 0 ? [] : await write(others, call, onAttempt);
      const done = new Set(others.filter((_, index) => deleted[index]));
      return chunk.map((name) => done.has(name));
    }
    const { items: named, problem } = readConfirmed<NodeReference>(answer, LABEL, [
      'space',
      'externalId',
    ]);
    return deletedOf(chunk, named, referenceKey, LABEL, problem);
  };
  const parallel = await laneLimit(
    transport,
    'delete',
    Math.ceil(items.length / MOST_PER_REQUEST),
    options,
  );
  const results = await writeInChunks<NodeReference, boolean>(
    transport,
    { action, items, chunks: MOST_PER_REQUEST, parallel, send: write },
    options,
  );
  return items.filter((_, index) => results[index]);
}
