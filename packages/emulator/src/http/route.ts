import type { Readable } from 'node:stream';
import { badRequest } from '../errors.js';

/** One request as the handlers see it. */
export interface Call {
  readonly requestId: string;
  readonly method: string;
  readonly url: URL;
  /** The server's URL as this client reached it, without a slash at the end. */
  readonly origin: string;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  /** A path parameter, decoded. */
  param(name: string): string;
  /** The whole body, decompressed and within the limit. */
  bytes(): Promise<Buffer>;
  /** The body parsed as JSON; `undefined` when it is empty. */
  json(): Promise<unknown>;
  /** The body as it comes. */
  stream(): Readable;
}

/** The result of a handler: an object to send as JSON, or a whole response. */
export type Reply = object | Response;

/**
 * One endpoint. Paths are relative to the project unless they say otherwise where they are mounted.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Status of a plain object. @default 200 */
  readonly status?: number;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** JSON that is already text: pages are joined from stored items instead of being built anew. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A POST endpoint whose handler gets the parsed JSON body. */
export function post(
  path: string,
  handle: (body: unknown, call: Call) => Reply | Promise<Reply>,
  status = 200,
): Route {
  return { method: 'POST', path, status, handle: async (call) => handle(await call.json(), call) };
}

/** A GET endpoint. */
export function get(path: string, handle: (call: Call) => Reply | Promise<Reply>): Route {
  return { method: 'GET', path, handle };
}

/** Parses JSON; refuses other strings with 400. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('Cannot parse the request body as JSON');
  }
}
