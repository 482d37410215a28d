import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { onAbort } from '../../async/scope.js';
import type { HttpAnswer, HttpRequest, HttpSend } from '../../transport/http-answer.js';
import { Agents, type Protocol } from './agents.js';
import { NodeAnswer } from './node-answer.js';
import { writeBody } from './write-body.js';

/** Longest time until there is a connection. `fetch` has the same. @unit milliseconds */
const CONNECT_MS = 10_000;

let shared: Agents | undefined;

function sharedAgents(): Agents {
  shared ??= new Agents();
  return shared;
}

/** The requests of one transport. */
export class NodeHttp {
  readonly #agents = sharedAgents();

  readonly send: HttpSend = async (url, init) => {
    const { signal, method, body, idempotent } = init;
    const target = new URL(url);
    const protocol = await this.#agents.protocol(target.protocol === 'https:');
    // A stream can be sent once.
    const isRepeatable = idempotent && !(body instanceof ReadableStream);
    const isCareful = this.#agents.isCareful(target.host, isRepeatable);
    if (isCareful) await this.#agents.rest;
    const start = (): ClientRequest => open(protocol, target, init);
    return new Promise<HttpAnswer>((resolve, reject) => {
      signal.throwIfAborted();
      let answer: NodeAnswer | undefined;
      const request = isCareful ? this.#agents.onRested(protocol.agent, start) : start();
      const letGo = onAbort(signal, () => {
        reject(signal.reason);
        request.destroy();
        answer?.giveUp();
      });
      const fail = (error: unknown): void => {
        reject(error);
        request.destroy();
      };
      let isSecured = target.protocol !== 'https:';
      request.on('error', (error) => {
        // Before the handshake is done nothing of the request is sent.
        if (!isSecured && !request.reusedSocket) Object.assign(error, { syscall: 'connect' });
        const isLost = request.reusedSocket && answer === undefined && !signal.aborted;
        if (isLost) this.#agents.lost(target.host);
        reject(error);
      });
      request.on('socket', (socket) => {
        if (request.reusedSocket) return;
        if (!isSecured)
          socket.once('secureConnect', () => {
            isSecured = true;
          });
        limitConnecting(request, socket);
      });
      request.on('upgrade', (_, socket) => {
        reject(new Error('the server requested another protocol'));
        socket.destroy();
      });
      request.on('response', (message) => {
        this.#agents.answered(this, request, message);
        // A server that has answered does not read on, and the connection could not be used again.
        message.once('end', () => request.writableFinished || request.destroy());
        try {
          answer = new NodeAnswer(message, method);
          answer.whenOver(letGo);
          resolve(answer);
        } catch (error) {
          fail(error);
        }
      });
      request.once('close', () => {
        // An answer that was received may still have to be inflated.
        if (answer === undefined) letGo();
        reject(new Error('the connection was closed'));
      });
      writeBody(request, body).catch(fail);
    });
  };

  close(): void {
    this.#agents.close(this);
  }
}

function open(
  { module, agent }: Protocol,
  url: URL,
  { method, headers, body }: HttpRequest,
): ClientRequest {
  const { hostname, port, pathname, search } = url;
  const request = module.request({
    agent,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    method,
    path: pathname + search,
    headers: { ...headers, ...defaultHeaders(headers, body, url.protocol === 'https:') },
    // Node's flag that accepts invalid HTTP does not apply to `fetch` either.
    insecureHTTPParser: false,
  });
  request.maxHeadersCount = 0;
  return request;
}

/** The headers that `fetch` adds. */
function defaultHeaders(
  given: Readonly<Record<string, string>>,
  body: HttpRequest['body'],
  isSecure: boolean,
): Record<string, string> {
  const encoding =
    given.range === undefined ? `${isSecure ? 'br, ' : ''}gzip, deflate` : 'identity';
  const added: Record<string, string> = {
    accept: '*/*',
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
    'accept-encoding': encoding,
  };
  if (typeof body === 'string') added['content-type'] = 'text/plain;charset=UTF-8';
  if (body instanceof Blob && body.type !== '') added['content-type'] = body.type;
  for (const name of Object.keys(given)) delete added[name];
  return added;
}

function limitConnecting(
  request: ClientRequest,
  socket: Socket & { readonly encrypted?: boolean },
): void {
  const timer = setTimeout(() => {
    const error = new Error(`no connection within ${CONNECT_MS} ms`);
    request.destroy(Object.assign(error, { code: 'UND_ERR_CONNECT_TIMEOUT' }));
  }, CONNECT_MS);
  socket.once(socket.encrypted === true ? 'secureConnect' : 'connect', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
}
