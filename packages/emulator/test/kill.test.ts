import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createEmulator } from '@cdf/emulator';
import { afterAll, expect, it, vi } from 'vitest';
import { type Client, clientOf, type Json } from './helpers.js';
import { startProgram } from './program.js';

const ROUNDS = process.env.CDF_TEST_LONG === '1' ? 200 : 3;
const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that was acknowledged, and everything that was sent. */
interface Ledger {
  readonly sentAssets: Set<number>;
  readonly ackedAssets: Set<number>;
  readonly sentPoints: Set<number>;
  readonly ackedPoints: Set<number>;
  readonly sentFiles: Map<string, string>;
  readonly ackedFiles: Set<string>;
  readonly sentNodes: Set<number>;
  readonly ackedNodes: Set<number>;
}

const ASSETS_PER_REQUEST = 20;
const POINTS_PER_REQUEST = 500;
const NODES_PER_REQUEST = 20;
const TIME_SERIES = {
  type: 'view',
  space: 'cdf_cdm',
  externalId: 'CogniteTimeSeries',
  version: 'v1',
};
const HEADERS = { 'api-key': 'emulator-key', 'content-type': 'application/json' };

/** Writes batches until the connection breaks, and notes the acknowledged ones. */
async function write(url: string, ledger: Ledger, round: number): Promise<void> {
  const base = `${url}/api/v1/projects/emulator`;
  const post = async (path: string, body: unknown): Promise<Json> => {
    const response = await fetch(base + path, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const assets = async (): Promise<void> => {
    for (let batch = round * 10_000; ; batch += 1) {
      ledger.sentAssets.add(batch);
      const items = Array.from({ length: ASSETS_PER_REQUEST }, (_, index) => ({
        name: `${index}`,
        externalId: `${batch}-${index}`,
      }));
      await post('/assets', { items });
      ledger.ackedAssets.add(batch);
    }
  };
  const points = async (): Promise<void> => {
    for (let batch = round * 10_000; ; batch += 1) {
      ledger.sentPoints.add(batch);
      // Batches overlap in time, so blocks are rewritten and split.
      const datapoints = Array.from({ length: POINTS_PER_REQUEST }, (_, index) => ({
        timestamp: index * 100_000_000 + batch,
        value: batch,
      }));
      await post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
      ledger.ackedPoints.add(batch);
    }
  };
  const files = async (): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const externalId = `f${round}-${count}`;
      const content = `${externalId} `.repeat(5000);
      ledger.sentFiles.set(externalId, content);
      const { uploadUrl } = await post('/files', { name: externalId, externalId });
      const response = await fetch(uploadUrl, { method: 'PUT', body: content });
      if (response.ok) ledger.ackedFiles.add(externalId);
    }
  };
  // Half of the nodes are new, half are there already; every request also makes targets, time
  // series and an edge, and deletes a node.
  const nodes = async (): Promise<void> => {
    for (let batch = round * 10_000; ; batch += 1) {
      ledger.sentNodes.add(batch);
      const node = (externalId: string): object => ({
        instanceType: 'node',
        space: 'kill',
        externalId,
      });
      const key = (externalId: string): object => ({ space: 'kill', externalId });
      const items = Array.from({ length: NODES_PER_REQUEST }, (_, index) => ({
        ...node(index % 2 === 0 ? `${batch}-${index}` : `shared-${index}`),
        sources: [
          {
            source: TIME_SERIES,
            properties: { name: `${batch}`, type: 'numeric', assets: [key(`asset-${batch}`)] },
          },
        ],
      }));
      const ends = { startNode: key(`${batch}-0`), endNode: key('shared-1'), type: key('link') };
      const edge = { instanceType: 'edge', space: 'kill', externalId: `edge-${batch}`, ...ends };
      await post('/models/instances', {
        items: [...items, edge],
        delete: [node(`asset-${batch - 1}`)],
      });
      ledger.ackedNodes.add(batch);
    }
  };
  const outcomes = await Promise.allSettled([assets(), points(), files(), nodes()]);
  for (const outcome of outcomes) {
    // Only a broken connection may end the writing.
    if (outcome.status === 'rejected' && !(outcome.reason instanceof TypeError))
      throw outcome.reason;
  }
}

async function check(ledger: Ledger): Promise<void> {
  const { post, emulator } = clientOf(createEmulator({ dataFolder: folder }));
  const perBatch = new Map<number, number>();
  for (let cursor: string | undefined; ; ) {
    const { body } = await post('/assets/list', { limit: 1000, cursor });
    for (const { externalId } of body.items) {
      const batch = Number(externalId.split('-')[0]);
      perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
    }
    cursor = body.nextCursor;
    if (cursor === undefined) break;
  }
  for (const batch of ledger.ackedAssets) expect(perBatch.get(batch)).toBe(ASSETS_PER_REQUEST);
  for (const [batch, count] of perBatch) {
    expect(count).toBe(ASSETS_PER_REQUEST);
    expect(ledger.sentAssets.has(batch)).toBe(true);
  }
  const perInsert = new Map<number, number>();
  for (let cursor: string | undefined; ; ) {
    const { body } = await post('/timeseries/data/list', {
      items: [{ externalId: 's', limit: 100_000, cursor }],
    });
    const [{ datapoints, nextCursor }] = body.items;
    for (const { timestamp, value } of datapoints) {
      expect(timestamp % 100_000_000).toBe(value);
      perInsert.set(value, (perInsert.get(value) ?? 0) + 1);
    }
    cursor = nextCursor;
    if (cursor === undefined) break;
  }
  for (const batch of ledger.ackedPoints) expect(perInsert.get(batch)).toBe(POINTS_PER_REQUEST);
  for (const count of perInsert.values()) expect(count).toBe(POINTS_PER_REQUEST);
  await checkNodes(post, ledger);
  for (const externalId of ledger.ackedFiles) {
    const link = await post('/files/downloadlink', { items: [{ externalId }] });
    const content = await (await emulator.fetch(link.body.items[0].downloadUrl)).text();
    expect(content).toBe(ledger.sentFiles.get(externalId));
  }
  await emulator.close();
}

/**
 * Each request is there as a whole, with the time series, targets and edges that it made, or not at
 * all.
 */
async function checkNodes(post: Client['post'], ledger: Ledger): Promise<void> {
  const perBatch = new Map<number, number>();
  const shared = new Set<string>();
  let [batches, edges] = [0, 0];
  for (const instanceType of ['node', 'edge']) {
    for (let cursor: string | undefined; ; ) {
      const sources = instanceType === 'node' ? [{ source: TIME_SERIES }] : undefined;
      const { body } = await post('/models/instances/list', {
        instanceType,
        sources,
        limit: 1000,
        cursor,
      });
      for (const { externalId, properties } of body.items) {
        const [batch] = externalId.split('-');
        if (instanceType === 'edge') edges += 1;
        else if (batch === 'shared') shared.add(properties.cdf_cdm['CogniteTimeSeries/v1'].name);
        else perBatch.set(Number(batch), (perBatch.get(Number(batch)) ?? 0) + 1);
      }
      cursor = body.nextCursor;
      if (cursor === undefined) break;
    }
  }
  for (const batch of ledger.ackedNodes) expect(perBatch.get(batch)).toBe(NODES_PER_REQUEST / 2);
  for (const [batch, count] of perBatch) {
    expect(count).toBe(NODES_PER_REQUEST / 2);
    expect(ledger.sentNodes.has(batch)).toBe(true);
    batches += 1;
  }
  expect(edges).toBe(batches);
  // All shared nodes were last written by one request.
  expect(shared.size).toBe(Math.min(batches, 1));
  const { body } = await post('/timeseries/aggregate', { filter: {} });
  const own = 1;
  expect(body.items[0].count).toBe(
    own + batches * (NODES_PER_REQUEST / 2) + (batches > 0 ? NODES_PER_REQUEST / 2 : 0),
  );
}

it(`loses nothing acknowledged and serves nothing half-written when killed ${ROUNDS} times under load`, async () => {
  const ledger: Ledger = {
    sentAssets: new Set(),
    ackedAssets: new Set(),
    sentPoints: new Set(),
    ackedPoints: new Set(),
    sentFiles: new Map(),
    ackedFiles: new Set(),
    sentNodes: new Set(),
    ackedNodes: new Set(),
  };
  const first = clientOf(createEmulator({ dataFolder: folder }));
  await first.post('/timeseries', { items: [{ externalId: 's' }] });
  await first.post('/models/spaces', { items: [{ space: 'kill' }] });
  await first.emulator.close();
  for (let round = 0; round < ROUNDS; round += 1) {
    const program = startProgram(['--port', '0', '--data', folder]);
    const closed = once(program.child, 'close');
    const writing = write(await program.listening, ledger, round);
    // On a busy machine the first moments pass before anything is written: every other round begins
    // to count behind a write.
    const before = ledger.ackedNodes.size;
    if (round % 2 === 1)
      await vi.waitUntil(() => ledger.ackedNodes.size > before, { timeout: 600_000, interval: 1 });
    // A different moment in each round.
    await wait(20 + ((round * 7919) % 180));
    // On a busy machine nothing may have been acknowledged by then: the last round is not about so
    // early a moment.
    const hasAcknowledged = (): boolean =>
      ledger.ackedAssets.size > 0 && ledger.ackedPoints.size > 0 && ledger.ackedNodes.size > 0;
    if (round === ROUNDS - 1)
      await vi.waitUntil(hasAcknowledged, { timeout: 600_000, interval: 5 });
    program.child.kill('SIGKILL');
    await Promise.all([writing, closed]);
    await check(ledger);
  }
  expect(ledger.ackedAssets.size).toBeGreaterThan(0);
  expect(ledger.ackedPoints.size).toBeGreaterThan(0);
  expect(ledger.ackedNodes.size).toBeGreaterThan(0);
}, 3_600_000);
