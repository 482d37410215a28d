import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Transport } from '@cdf/core';

export type Way = 'node:http' | 'fetch';

/** Over which way requests went: Node tells of those of node:http. */
export async function wayOf(send: () => Promise<unknown>): Promise<Way> {
  let count = 0;
  const heard = (): void => {
    count++;
  };
  subscribe('http.client.request.start', heard);
  try {
    await send();
  } finally {
    unsubscribe('http.client.request.start', heard);
  }
  return count > 0 ? 'node:http' : 'fetch';
}

/** Over which way a request of this transport goes now. */
export function wayOfRequest(transport: Transport): Promise<Way> {
  return wayOf(() => transport.request({ method: 'POST', path: '/a', body: {}, idempotent: true }));
}
