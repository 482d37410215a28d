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
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // The body goes past ky, which clones its requests: the clone would keep all of an uploaded stream in memory. So do headers and
    // signal: each request that ky makes of them, and the signals that follow each other, would cost as much as sending a small body.
    fetch: () =>
      fetch(url, {
        method,
        headers,
        signal,
        redirect: 'manual',
        credentials: 'omit',
        ...(body !== undefined && { body: body as BodyInit }),
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      }),
  });
}
