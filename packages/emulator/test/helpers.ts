import { createEmulator, type Emulator, type EmulatorOptions } from '@cdf/emulator';

/** The body of an answer, of any type: assertions check it. */
// biome-ignore lint/suspicious/noExplicitAny: every test reads other members
export type Json = any;

/** A request to an emulator in process, with the API key, and what came back. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

export interface Client {
  readonly emulator: Emulator;
  readonly post: (
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

export function client(options: EmulatorOptions = {}): Client {
  const emulator = createEmulator(options);
  return clientOf(emulator);
}

export function clientOf(emulator: Emulator, send: Emulator['fetch'] = emulator.fetch): Client {
  const base = `${emulator.url}/api/v1/projects/${emulator.project}`;
  const headers = { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/json' };
  const answer = async (response: Response): Promise<Answer> => {
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      headers: response.headers,
    };
  };
  return {
    emulator,
    post: async (path, body, more = {}) =>
      await answer(
        await send(`${base}${path}`, {
          method: 'POST',
          headers: { ...headers, ...more },
          body: body === undefined ? null : JSON.stringify(body),
        }),
      ),
    get: async (path) => await answer(await send(`${base}${path}`, { headers })),
    control: async (method, path, body) =>
      await answer(
        await send(`${emulator.url}/_emulator${path}`, {
          method,
          headers: { 'x-control-token': emulator.controlToken },
          body: body === undefined ? null : JSON.stringify(body),
        }),
      ),
  };
}

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;
