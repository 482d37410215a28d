import type { NetworkFailure } from './network-failure.js';

export async function gzip(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** A browser tells nothing, nor when it was a rule of its own. */
export function explainNetworkFailure(cause?: unknown): NetworkFailure {
  const explanation =
    'the connection failed or was lost before the whole answer came; does the server allow the origin of this page (CORS)?';
  return { explanation, delivery: 'unknown', cause };
}
