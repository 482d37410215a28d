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
 * One exchange with CDF or its storage: nothing else calls `fetch` for these. Retrying, timeouts and reading errors depend on the operation and are elsewhere.
 * Redirects are not followed, so that no header gets to where it was not meant to.
 */
export function sendHttp({ url, method, headers, body, signal, fetch }: HttpRequest): Promise<Response> {
  return fetch(url, {
    method,
    headers,
    signal,
    redirect: 'manual',
    credentials: 'omit',
    ...(body !== undefined && { body: body as BodyInit }),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
}
