import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport, NotFoundError, Token, type Transport } from '@cdf/core';
import { type CdfHttp, cdfHttp } from '@cdf/core/http';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import {
  type CdfFunction,
  documentText,
  type Group,
  listFunctions,
  listGroups,
  listWorkflows,
  searchDocuments,
  type Workflow,
} from '../src/operations.js';
import { functionNames } from '../src/with-ky-2.js';

interface Call {
  readonly route: string;
  readonly url: URL;
  readonly body: string;
  readonly token: string | undefined;
}
type Handle = (call: Call, response: ServerResponse) => void;

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body));
};
const FUNCTION = {
  id: 1,
  name: 'daily report',
  status: 'Ready',
  createdTime: 1_700_000_000_000,
  fileId: 2,
};
const PAGES: Readonly<Record<string, unknown>> = {
  '': { items: [{ externalId: 'a/b', description: 'hourly' }], nextCursor: 'next' },
  next: { items: [{ externalId: 'c' }] },
};
const TEXT = 'The pump was repaired. '.repeat(5000);

/** A project with one function, two workflows, one group and one document. */
const ROUTES: Readonly<Record<string, Handle>> = {
  'POST functions/list': (_, response) => json(response, { items: [FUNCTION] }),
  'GET workflows': ({ url }, response) =>
    json(response, PAGES[url.searchParams.get('cursor') ?? '']),
  'GET groups': (_, response) =>
    json(response, { items: [{ id: 7, name: 'admins', capabilities: [{ groupsAcl: {} }] }] }),
  'POST documents/search': (_, response) =>
    json(response, { items: [{ item: { id: 3, sourceFile: { name: 'pump.pdf' } } }] }),
  'POST documents/content': (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-length': TEXT.length })
      .end(TEXT),
  'PUT functions/1/archive': ({ body }, response) => json(response, { bytes: body.length }),
};

let calls: Call[];
/** Comes before the routes; true when it has answered. */
let fault: (call: Call, response: ServerResponse, count: number) => boolean;
let transport: Transport;
let http: CdfHttp;
const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const url = new URL(request.url ?? '', 'http://localhost');
  const path = url.pathname.replace('/api/v1/projects/plant/', '');
  const call = {
    route: `${request.method} ${path}`,
    url,
    body: Buffer.concat(pieces).toString(),
    token: request.headers.authorization,
  };
  calls.push(call);
  if (fault(call, response, calls.length)) return;
  const handle = ROUTES[call.route];
  if (handle === undefined) json(response, { error: { code: 404, message: 'not found' } }, 404);
  else handle(call, response);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  calls = [];
  fault = () => false;
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = new Token('a-token');
  transport = createTransport({
    clientName: 'example',
    project: 'plant',
    baseUrl,
    credentials,
    retry: { backoffLimitMs: 0 },
  });
  http = cdfHttp(transport);
});

describe('operations without a method', () => {
  it('give typed answers', async () => {
    const functions = await listFunctions(http, new Date(5), 100);
    expectTypeOf(functions).toEqualTypeOf<CdfFunction[]>();
    expect(functions).toEqual([
      { id: 1, name: 'daily report', status: 'Ready', createdTime: 1_700_000_000_000 },
    ]);
    expect(calls[0]).toMatchObject({
      body: '{"filter":{"createdTime":{"min":5}},"limit":100}',
      token: 'Bearer a-token',
    });
    const workflows: Workflow[] = [];
    for await (const workflow of listWorkflows(http)) workflows.push(workflow);
    expect(workflows).toEqual([{ externalId: 'a/b', description: 'hourly' }, { externalId: 'c' }]);
    const groups = await listGroups(http);
    expectTypeOf(groups).toEqualTypeOf<Group[]>();
    expect(groups).toEqual([{ id: 7, name: 'admins', capabilities: [{ groupsAcl: {} }] }]);
    expect(await searchDocuments(http, 'pump')).toEqual([{ id: 3, name: 'pump.pdf' }]);
    expect(await functionNames(transport)).toEqual(['daily report']);
    expect(calls.map(({ route, url }) => route + url.search)).toEqual([
      'POST functions/list',
      'GET workflows?limit=100',
      'GET workflows?limit=100&cursor=next',
      'GET groups?all=true',
      'POST documents/search',
      'POST functions/list',
    ]);
  });

  it('fail by the schema when an answer is another one', async () => {
    fault = (_, response) => {
      json(response, { items: [{ id: 'one' }] });
      return true;
    };
    await expect(listFunctions(http, new Date(0), 1)).rejects.toMatchObject({ name: 'ValiError' });
    await expect(functionNames(transport)).rejects.toMatchObject({ name: 'SchemaValidationError' });
  });

  it('wait out a 429, and a connection that is lost', async () => {
    fault = (_, response, count) => {
      if (count === 1)
        json(response, { error: { code: 429, message: 'slow down' } }, 429, { 'retry-after': '0' });
      if (count === 2) response.socket?.destroy();
      return count < 3;
    };
    expect(await searchDocuments(http, 'pump')).toHaveLength(1);
    expect(calls).toHaveLength(3);
  });

  it('say what is not there', async () => {
    const reason = await http.get('workflows/gone').then(undefined, (error: unknown) => error);
    expect(NotFoundError.isInstance(reason)).toBe(true);
    expect(reason).toMatchObject({ status: 404, path: '/workflows/gone' });
  });

  it('end with the reason of a signal', async () => {
    const abort = new AbortController();
    fault = () => {
      abort.abort(new Error('the user left'));
      return true;
    };
    await expect(searchDocuments(http, 'pump', abort.signal)).rejects.toThrow('the user left');
  });

  it('report how much has come, and how much was sent', async () => {
    const seen: number[] = [];
    expect(await documentText(http, 3, (bytes) => seen.push(bytes))).toBe(TEXT);
    expect(seen.at(-1)).toBe(TEXT.length);
    const sent: number[] = [];
    const body = new Blob([TEXT]);
    const onUploadProgress = ({ transferredBytes }: { transferredBytes: number }): void =>
      void sent.push(transferredBytes);
    const { bytes } = await http
      .put('functions/1/archive', { body, onUploadProgress })
      .json<{ bytes: number }>();
    expect([bytes, sent.at(-1)]).toEqual([TEXT.length, TEXT.length]);
    expect(sent).toEqual([...sent].sort((left, right) => left - right));
  });
});
