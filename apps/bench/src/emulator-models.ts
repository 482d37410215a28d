/**
 * The emulator's cost of nodes beside that of as many assets: 100,000 of each are stored on disk
 * and read, each in a process of its own. It compares processor time, which other programs disturb
 * little, and memory. Exits with 1 when a ratio is above its goal.
 *
 *     node --conditions=@cdf/source --import tsx apps/bench/src/emulator-models.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator } from '@cdf/emulator';
import { wireAsset } from './assets-data.js';

const [COUNT, PAGE, GROUPS, ROUNDS] = [100_000, 1000, 100, 40];
const GOALS: Readonly<Record<keyof Cost, number>> = { write: 2, page: 1.5, query: 4, memory: 2 };

interface Cost {
  /** @unit milliseconds of processor time for all */
  readonly write: number;
  /** @unit milliseconds of processor time for each page of a thousand */
  readonly page: number;
  readonly query: number;
  /** @unit megabytes */
  readonly memory: number;
}

type Post = (path: string, body: unknown) => Promise<string>;

function compare(): void {
  const [assets, nodes] = ['assets', 'nodes'].map((each) => {
    const args = [...process.execArgv, '--expose-gc', fileURLToPath(import.meta.url), each];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Cost;
  }) as [Cost, Cost];
  for (const [name, goal] of Object.entries(GOALS) as [keyof Cost, number][]) {
    const ratio = nodes[name] / assets[name];
    const unit = name === 'memory' ? 'MB' : 'ms';
    console.log(
      `${name.padEnd(7)} assets ${assets[name].toFixed(1)} ${unit}, nodes ${nodes[name].toFixed(1)} ${unit}: x ${ratio.toFixed(2)}, goal ${goal}`,
    );
    if (ratio > goal) process.exitCode = 1;
  }
}

async function measure(isNodes: boolean): Promise<Cost> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'cdf-models-'));
  const emulator = createEmulator({ dataFolder, logCapacity: 100 });
  const post = client(emulator);
  const bodies = isNodes ? await nodeBodies(post) : await assetBodies(post);
  const path = isNodes ? '/models/instances' : '/assets';
  globalThis.gc?.();
  const before = process.memoryUsage();
  const write = await timed(bodies, (body) => post(path, body));
  globalThis.gc?.();
  const after = process.memoryUsage();
  const memory = (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6;
  const groups = Array.from({ length: ROUNDS }, (_, round) => `group-${(round * 7) % GROUPS}`);
  const read = async (ask: (group: string) => Promise<string>): Promise<number> => {
    // The texts that answers are joined from are made at the first reading.
    for (const group of new Set(groups)) {
      const found = (await ask(group)).split('"externalId":"node-').length - 1;
      if (found !== PAGE) throw new Error(`${found} instead of ${PAGE}`);
    }
    return (await timed(groups, ask)) / ROUNDS;
  };
  const page = await read((group) => (isNodes ? nodePage(post, group) : assetPage(post, group)));
  const query = await read((group) => (isNodes ? nodeQuery(post, group) : assetPage(post, group)));
  await emulator.close();
  rmSync(dataFolder, { recursive: true, force: true });
  return { write, page, query, memory };
}

function client(emulator: Emulator): Post {
  const base = `${emulator.url}/api/v1/projects/${emulator.project}`;
  const headers = { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/json' };
  return async (path, body) => {
    const response = await emulator.fetch(base + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };
}

async function timed<T>(all: readonly T[], work: (each: T) => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  for (const each of all) await work(each);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const groupOf = (index: number): string => `group-${index % GROUPS}`;
const pages = <T>(make: (index: number) => T): { items: T[] }[] =>
  Array.from({ length: COUNT / PAGE }, (_, page) => ({
    items: Array.from({ length: PAGE }, (__, index) => make(page * PAGE + index)),
  }));

async function assetBodies(post: Post): Promise<{ items: object[] }[]> {
  const groups = Array.from({ length: GROUPS }, (_, index) => ({
    name: 'group',
    externalId: groupOf(index),
  }));
  await post('/assets', { items: groups });
  return pages((index) => {
    const { name, description, metadata } = wireAsset(index);
    return {
      externalId: `node-${index}`,
      name,
      description,
      metadata,
      parentExternalId: groupOf(index),
    };
  });
}

const assetPage = (post: Post, group: string): Promise<string> =>
  post('/assets/list', { limit: PAGE, filter: { parentExternalIds: [group] } });

/** Nodes have as properties what assets have as metadata. */
const fieldsOf = (index: number): object => wireAsset(index).metadata as object;

const VIEW = { type: 'view', space: 'bench', externalId: 'Thing', version: '1' };
const PROPERTY = (name: string): string[] => ['bench', 'Thing/1', name];

async function nodeBodies(post: Post): Promise<{ items: object[] }[]> {
  const container = { type: 'container', space: 'bench', externalId: 'Thing' };
  const names = ['name', 'description', ...Object.keys(fieldsOf(0)), 'parent'];
  const typeOf = (name: string): object => ({
    type: { type: name === 'parent' ? 'direct' : 'text' },
  });
  const properties = Object.fromEntries(names.map((name) => [name, typeOf(name)]));
  const mapped = names.map((name) => [name, { container, containerPropertyIdentifier: name }]);
  await post('/models/spaces', { items: [{ space: 'bench' }] });
  const indexes = { parent: { properties: ['parent'] } };
  await post('/models/containers', {
    items: [{ space: 'bench', externalId: 'Thing', properties, indexes }],
  });
  const { type: _type, ...view } = VIEW;
  await post('/models/views', { items: [{ ...view, properties: Object.fromEntries(mapped) }] });
  const node = (externalId: string): object => ({
    instanceType: 'node',
    space: 'bench',
    externalId,
  });
  await post('/models/instances', {
    items: Array.from({ length: GROUPS }, (_, index) => node(groupOf(index))),
  });
  return pages((index) => {
    const { name, description } = wireAsset(index);
    const values = {
      name,
      description,
      ...fieldsOf(index),
      parent: { space: 'bench', externalId: groupOf(index) },
    };
    return { ...node(`node-${index}`), sources: [{ source: VIEW, properties: values }] };
  });
}

const nodePage = (post: Post, group: string): Promise<string> =>
  post('/models/instances/list', {
    sources: [{ source: VIEW }],
    limit: PAGE,
    filter: {
      equals: { property: PROPERTY('parent'), value: { space: 'bench', externalId: group } },
    },
  });

const nodeQuery = (post: Post, group: string): Promise<string> =>
  post('/models/instances/query', {
    with: {
      group: { nodes: { filter: { equals: { property: ['node', 'externalId'], value: group } } } },
      things: {
        nodes: {
          from: 'group',
          through: { source: VIEW, identifier: 'parent' },
          direction: 'inwards',
        },
        limit: PAGE,
      },
    },
    select: { things: { sources: [{ source: VIEW, properties: ['*'] }] } },
  });

const kind = process.argv[2];
if (kind === undefined) compare();
else console.log(JSON.stringify(await measure(kind === 'nodes')));
