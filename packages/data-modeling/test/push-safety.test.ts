import { AuthError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, diff, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
let api: DataModelingApi;
beforeAll(async () => {
  project = await startProject({}, []);
  api = new DataModelingApi(project.transport);
});
afterAll(() => project[Symbol.asyncDispose]());

const container = (externalId: string) =>
  api.containers
    .retrieve({ space: 'acme', externalId })
    .then((found) => found as NonNullable<typeof found>);
const made = (externalId: string, more: object): Promise<unknown> =>
  api.containers.upsert([{ space: 'acme', externalId, usedFor: 'node', ...more } as never]);
const losing = { allowDataLoss: true };

describe('a push that makes a container anew', () => {
  it('adds a property that is named like a member of every object', async () => {
    const before = { a: p.text().optional(), keep: p.text().optional() };
    await push(project.transport, [view('acme', 'Named', 'v1', before)]);
    const after = { a: p.int().optional(), constructor: p.text().optional() } as never;
    await push(project.transport, [view('acme', 'Named', 'v1', after)], losing);
    expect(Object.keys((await container('Named')).properties).sort()).toEqual([
      'a',
      'constructor',
      'keep',
    ]);
  });
});

const NAME = { space: 'acme', externalId: 'Stored' };
const STORED = {
  ...NAME,
  usedFor: 'node',
  properties: { a: { type: { type: 'text', list: false }, nullable: true } },
};

/** A project that has the container `Stored` and confirms every write. */
function serving(answer: (request: { readonly path: string; readonly body: unknown }) => unknown): {
  readonly transport: Transport;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const transport = memoryTransport(({ path, body: given }) => {
    calls.push(path);
    const body: unknown =
      given instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(given)) : given;
    const own = answer({ path, body });
    if (own !== undefined) return own;
    if (path === '/models/spaces/byids') return { items: [{ space: 'acme' }] };
    if (path === '/models/containers/byids') return { items: [STORED] };
    if (path === '/models/containers/inspect')
      return { items: [{ ...NAME, inspectionResults: { involvedViews: [] } }] };
    if (path === '/models/views/byids') return { items: [] };
    if (path === '/models/instances/list') return { items: [] };
    return { items: (body as { readonly items: unknown }).items };
  });
  return { transport, calls };
}
