import { type ClientConfig, compression, Token } from '@cdf/core';
import { edges, graph, nodes, runGraph } from '@cdf/data-modeling';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { CdfClient } from '@cdf/sdk-core';
import { startLyingServer } from '../../../../tooling/lying-server/server.js';
import { calledBy, type Manner } from './callers.js';
import { fillGraph, pushViews } from './models.js';
import type { Lane } from './round.js';

/** Times of the points that are there. */
export const START = 1_700_000_000_000;
export const END = START + 30 * 60_000;
/** Bytes that a lied-to client reads of an answer. */
const MAX_RESPONSE_BYTES = 256 * 1024;
/** How long silence is borne. @unit milliseconds */
export const SILENCE_MS = 1500;

/** An honest server, and a client that nothing comes between. */
export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly honest: CdfClient;
  readonly token: string;
}

async function startWorld(): Promise<World> {
  const emulator = await startEmulator({ logCapacity: 10 });
  const token = await emulator.issueToken({ lifetimeSeconds: 86_400 });
  const honest = connect(emulator, emulator.url, token);
  return {
    emulator,
    honest,
    token,
    async [Symbol.asyncDispose]() {
      await honest.close();
      await emulator.close();
    },
  };
}

/** The module that makes clients: the packages as they are, or a copy of them. */
export interface ClientModule {
  readonly CdfClient: typeof CdfClient;
  readonly Token: typeof Token;
  readonly compression: typeof compression;
  readonly nodes: typeof nodes;
  readonly edges: typeof edges;
  readonly graph: typeof graph;
  readonly runGraph: typeof runGraph;
}

const MODULE: ClientModule = { CdfClient, Token, compression, nodes, edges, graph, runGraph };
const modules = new WeakMap<CdfClient, ClientModule>();

/** The module that made a client: the functions that take one are of the same copy. */
export function moduleOf(client: CdfClient): ClientModule {
  return modules.get(client) ?? MODULE;
}

/** A client as callers of some manner have it. */
export function clientCalledBy(manner: Manner, client: CdfClient): CdfClient {
  const made = calledBy(manner, client);
  modules.set(made, calledBy(manner, moduleOf(client)));
  return made;
}

/** A client that asks at an address, with limits that make lies quick to tell. */
function connect(
  { project }: Emulator,
  baseUrl: string,
  token: string,
  limits: Pick<ClientConfig, 'timeoutMs' | 'maxResponseBytes' | 'nodeHttp'> = {},
  made: ClientModule = MODULE,
): CdfClient {
  const client = new made.CdfClient({
    clientName: 'lying-server',
    project,
    baseUrl,
    credentials: new made.Token(token),
    interceptors: [made.compression()],
    retry: { limit: 2, backoffLimitMs: 5 },
    ...limits,
  });
  modules.set(client, made);
  return client;
}

/** A lying server before a world, and clients of it. */
export async function startLane(
  world: World,
  seed: number,
  made?: ClientModule,
): Promise<Lane & AsyncDisposable> {
  const liar = await startLyingServer(world.emulator.url, seed);
  // Every other pair of lanes asks over fetch, the others over Node's own HTTP.
  const nodeHttp = (seed >> 1) % 2 === 0;
  const limits = { nodeHttp, maxResponseBytes: MAX_RESPONSE_BYTES };
  const client = connect(world.emulator, liar.url, world.token, limits, made);
  const impatient = connect(
    world.emulator,
    liar.url,
    world.token,
    { ...limits, timeoutMs: SILENCE_MS },
    made,
  );
  const trusting = connect(
    world.emulator,
    liar.url,
    world.token,
    { nodeHttp, maxResponseBytes: 2 ** 31 - 1 },
    made,
  );
  return {
    ...{ world, liar, client, impatient, trusting },
    async [Symbol.asyncDispose]() {
      await client.close();
      await impatient.close();
      await trusting.close();
      await liar[Symbol.asyncDispose]();
    },
  };
}

/** The world of writes: it has only the schema of the graph. */
export async function startWorkshop(): Promise<World> {
  const world = await startWorld();
  await pushViews(world.honest);
  return world;
}

const UNITS = 12;
const named = (externalId: string): { externalId: string } => ({ externalId });
export const SERIES = 7;

/** The world of reads: small, and with several of everything. It never changes. */
export async function startLibrary(): Promise<World> {
  const world = await startWorld();
  const { honest } = world;
  const units = Array.from({ length: UNITS }, (_, index) => `unit-${index}`);
  const assets = await honest.assets.createHierarchy([
    { externalId: 'plant', name: 'Plant', metadata: { site: 'north' } },
    ...units.map((externalId, index) => ({
      externalId,
      name: `Unit ${index % 5}`,
      parentExternalId: 'plant',
      metadata: { line: `line ${index % 3}`, size: `${index % 4}` },
    })),
    ...units.flatMap((parentExternalId) =>
      ['pump', 'valve'].map((kind) => ({
        externalId: `${parentExternalId}-${kind}`,
        name: kind,
        parentExternalId,
      })),
    ),
  ]);
  const idOf = (externalId: string): number =>
    (assets.find((asset) => asset.externalId === externalId) as { id: number }).id;
  await honest.timeSeries.create(
    Array.from({ length: SERIES }, (_, index) => ({
      externalId: `series-${index}`,
      name: `Series ${index % 3}`,
      unit: index % 2 === 0 ? 'bar' : 'degC',
      metadata: { kind: `kind ${index % 2}` },
      assetId: idOf(`unit-${index}`),
    })),
  );
  await honest.timeSeries.create({
    externalId: 'texts',
    name: 'Texts',
    isString: true,
    assetId: idOf('unit-0'),
  });
  const times = Array.from({ length: 30 }, (_, index) => START + index * 60_000);
  for (let index = 0; index < 7; index++)
    await honest.timeSeries.subscriptions.create({
      externalId: `subscription-${index}`,
      name: `Subscription ${index}`,
      partitionCount: 2,
      timeSeriesIds: Array.from({ length: SERIES }, (_, series) => `series-${series}`),
    });
  // Requests of their own, so that a consumer is given several batches.
  for (let series = 0; series < SERIES; series++)
    await honest.datapoints.insert(
      named(`series-${series}`),
      times.map((timestamp, index) => ({ timestamp, value: 1 + index * (series + 1) })),
    );
  await honest.datapoints.insert(
    named('texts'),
    times.map((timestamp, index) => ({ timestamp, value: `text ${index}` })),
  );
  await honest.events.create(
    Array.from({ length: 11 }, (_, index) => ({
      externalId: `event-${index}`,
      type: `type ${index % 3}`,
      description: `Event ${index}`,
      metadata: { cause: `cause ${index % 2}` },
      startTime: START + index,
      assetIds: [idOf(`unit-${index}`)],
    })),
  );
  for (let index = 0; index < 7; index++)
    await honest.files.upload(new Blob([`content ${index}`]), {
      externalId: `file-${index}`,
      name: `File ${index}.txt`,
      source: `source ${index % 2}`,
      assetIds: [idOf(`unit-${index}`)],
    });
  await fillGraph(honest);
  return world;
}
