import ky from 'ky';

/** What may be sent as it is. */
export type WireBody = string | Uint8Array | Blob | ReadableStream<Uint8Array>;

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireBody | undefined;
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * One exchange, by ky. The only file that knows it. Retrying, timeouts and reading errors are ours, since they depend on the
 * operation. Redirects are not followed, so that no header gets to where it was not meant to.
 */
export function sendHttp({ url, method, headers, body, signal, fetch }: HttpRequest): Promise<Response> {
  return ky(url, {
    method,
    headers,
    signal,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // The body goes past ky, which clones its requests: the clone would keep all of an uploaded stream in memory.
    fetch: (prepared) =>
      fetch(url, {
        method,
        headers: Object.fromEntries((prepared as Request).headers),
        signal: (prepared as Request).signal,
        redirect: 'manual',
        credentials: 'omit',
        ...(body !== undefined && { body: body as BodyInit }),
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      }),
  });
}
