/// <reference lib="esnext.disposable" preserve="true" />

import { join } from 'node:path';
import { createApp } from './app.js';
import { checkEmulatorOptions, checkTokenOptions } from './check-options.js';
import { contentOf } from './content.js';
import { EmulatorClock } from './control/clock.js';
import { Faults } from './control/faults.js';
import { Log, type RequestLogEntry, type WriteLogEntry } from './control/logs.js';
import { controlRoutes } from './control/routes.js';
import type { Connection } from './control/strike.js';
import { dataPointRoutes } from './datapoints/routes.js';
import { ApiError } from './errors.js';
import { withHostNames } from './host-names.js';
import { lazyRoutes } from './http/lazy-routes.js';
import type { Route } from './http/route.js';
import { IN_PROCESS_HOST } from './http/security.js';
import { Authorizer } from './identity/authorize.js';
import { PersonalGrants } from './identity/grants.js';
import { inspectRoutes } from './identity/inspect.js';
import { OAUTH_PATH, oauthRoutes } from './identity/oauth.js';
import { signInRoutes } from './identity/sign-in.js';
import { Tokens } from './identity/tokens.js';
import { isKnownPath, isKnownRoot } from './known-paths.js';
import type { EmulatorOptions, InstanceLimits } from './options.js';
import { withoutAbandoned } from './resources/abandoned-files.js';
import { assetRoutes } from './resources/assets.js';
import { dataSetRoutes } from './resources/data-sets.js';
import { eventRoutes } from './resources/events.js';
import { fileContentRoutes, storageRoutes } from './resources/file-contents.js';
import { fileRoutes } from './resources/files.js';
import { labelRoutes } from './resources/labels.js';
import { timeSeriesRoutes } from './resources/timeseries.js';
import { seedEmulator } from './seed/seed.js';
import { State } from './state.js';
import { FolderBlobs, MemoryBlobs } from './storage/blobs.js';
import { Store } from './storage/database.js';
import { subscriptionRoutes } from './subscriptions/routes.js';
import { syntheticRoutes } from './synthetic/routes.js';
import { unitRoutes } from './units/routes.js';

/** The URL of an emulator without a socket, for its own `fetch` only. */
const IN_PROCESS_URL = `https://${IN_PROCESS_HOST}`;

/** A local CDF. */
export interface Emulator extends AsyncDisposable {
  /** Where it is, without a slash at the end; the `baseUrl` of clients. */
  readonly url: string;
  readonly project: string;
  /** Credentials that the token endpoint accepts. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The OAuth token endpoint. */
  readonly tokenUrl: string;
  /** The issuer: `/.well-known/openid-configuration` is below it. */
  readonly issuer: string;
  /** A key for the `api-key` header. */
  readonly apiKey: string | undefined;
  /** The token for control requests over HTTP. */
  readonly controlToken: string;
  /**
   * Answers requests in process, without a socket; the host of the URL must be {@link Emulator.url}
   * or a loopback one.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The emulator's time. */
  readonly clock: EmulatorClock;
  /** Faults to inject. */
  readonly faults: Faults;
  /** The requests that came. */
  readonly requests: Log<RequestLogEntry>;
  /** A log of the requests that stored something. */
  readonly writes: Log<WriteLogEntry>;
  /** An access token, as the token endpoint would give it. */
  issueToken(options?: {
    readonly subject?: string | undefined;
    readonly lifetimeSeconds?: number | undefined;
  }): Promise<string>;
  /** Makes all tokens given out so far invalid. */
  revokeTokens(): void;
  /** Saves the stored data under a name: letters, digits, - and _. */
  saveSnapshot(name: string): void;
  /** Puts back the data saved under a name. On a data folder it needs `allowReset`. */
  restoreSnapshot(name: string): void;
  removeSnapshot(name: string): void;
  /** The names of the snapshots, in order. */
  snapshots(): readonly string[];
  /**
   * Back to the start: nothing stored but the seed, no faults, empty logs, the clock as at first.
   */
  reset(): Promise<void>;
  /** Releases everything; an emulator with a socket stops listening first. */
  close(): Promise<void>;
}

/** An emulator that also answers for a server. @internal */
export interface EmulatorCore extends Emulator {
  /** Resolves when the seed is in place. */
  readonly ready: Promise<void>;
  /** The stored data that was there before the start, so that no seed was used. */
  readonly found: string | undefined;
  handle(request: Request, connection?: Connection): Promise<Response>;
}

/**
 * An emulator in this process, without a socket: `fetch` is all of it.
 *
 * @throws {EmulatorError} when an option is misspelt or means nothing, or the data folder cannot be used
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  checkEmulatorOptions(options);
  return createCore(withHostNames(options), () => IN_PROCESS_URL);
}

/** @internal */
export function createCore(options: EmulatorOptions, url: () => string): EmulatorCore {
  const {
    project = 'emulator',
    clientId = 'emulator-client',
    clientSecret = 'emulator-secret',
  } = options;
  const {
    apiKeys = ['emulator-key'],
    dataFolder,
    tokenLifetimeSeconds = 3600,
    logCapacity = 10_000,
  } = options;
  const { controlToken = crypto.randomUUID() } = options;
  const seedKey = crypto.randomUUID();
  const clock = new EmulatorClock(options.now);
  // A source that gives no time is refused at once.
  clock.now();
  const store = new Store(dataFolder);
  const blobs =
    dataFolder === undefined ? new MemoryBlobs() : new FolderBlobs(join(dataFolder, 'files'));
  const requests = new Log<RequestLogEntry>(logCapacity, ({ body: _left, ...entry }) => entry);
  const writes = new Log<WriteLogEntry>(logCapacity);
  const faults = new Faults();
  const state = stateOf({ project, store, clock, blobs, writes });
  const tokens = new Tokens(store, clock);
  const authorizer = new Authorizer(tokens, [...apiKeys, seedKey]);

  const seed = async (): Promise<void> => {
    await seedEmulator(
      options.seed ?? 'none',
      state,
      `${IN_PROCESS_URL}/api/v1/projects/${project}`,
      seedKey,
      (request) => handle(request, {}, true),
    );
    requests.clear();
    writes.clear();
  };
  const checkWipe = (): void => {
    if (dataFolder === undefined || options.allowReset === true) return;
    throw new ApiError(
      403,
      'A data folder is only wiped when the emulator was started with --allow-reset (allowReset: true)',
    );
  };
  const reset = async (): Promise<void> => {
    checkWipe();
    faults.clear();
    clock.reset();
    await state.wipe();
    requests.clear();
    writes.clear();
    await seed();
    addFaults();
  };
  const oauth = { clientId, clientSecret, tokenLifetimeSeconds };
  const allowOrigins = options.allowOrigins ?? [];
  const grants = new PersonalGrants(oauth, tokens, clock);
  const snapshots = {
    snapshots: (): string[] => state.snapshots.names(),
    saveSnapshot: (name: string): void => state.snapshots.save(name),
    removeSnapshot: (name: string): void => state.snapshots.remove(name),
    restoreSnapshot: (name: string): void => {
      checkWipe();
      state.snapshots.restore(name);
      state.reload();
    },
  };
  const revokeTokens = (): void => tokens.revokeAll();
  const handle = createApp({
    project,
    clock,
    faults,
    requests,
    access: { allowHosts: options.allowHosts ?? [], allowOrigins },
    network: {
      latencyMs: options.latencyMs,
      chunkBytes: options.chunkBytes,
      exposeHeaders: options.exposeHeaders ?? true,
    },
    authorizer,
    projectRoutes: projectRoutes(state, tokens, options.limits ?? false),
    rootRoutes: [
      ...inspectRoutes(authorizer, project),
      ...oauthRoutes(oauth, tokens, grants.grants()),
      ...signInRoutes(oauth, grants, tokens, allowOrigins),
      ...storageRoutes(state, tokens),
    ],
    controlRoutes: controlRoutes({
      clock,
      faults,
      requests,
      writes,
      reset,
      revokeTokens,
      ...snapshots,
    }),
    controlToken,
    isKnownPath,
    isKnownRoot,
  });
  const addFaults = (): void => {
    for (const fault of options.faults ?? []) faults.add(fault);
  };
  // Faults strike requests of users, not the seed.
  const found = contentOf(state);
  const ready = (state.isEmpty() ? seed() : state.sweep()).then(addFaults);
  // A refused seed is reported by the code that awaits `ready`: the start, or the first request.
  ready.catch(() => undefined);
  const close = async (): Promise<void> => {
    await ready.catch(() => undefined);
    store.close();
  };
  return {
    get url() {
      return url();
    },
    project,
    clientId,
    clientSecret,
    get tokenUrl() {
      return `${url()}${OAUTH_PATH}/token`;
    },
    get issuer() {
      return `${url()}${OAUTH_PATH}`;
    },
    apiKey: apiKeys[0],
    controlToken,
    fetch: async (input, init) => {
      await ready;
      return await handle(new Request(input, init));
    },
    clock,
    faults,
    requests,
    writes,
    issueToken: async (request = {}) => {
      checkTokenOptions(request);
      const { subject = clientId, lifetimeSeconds = tokenLifetimeSeconds } = request;
      const claims = { sub: subject, aud: 'cdf-emulator', client_id: clientId };
      return await tokens.sign(claims, `${url()}${OAUTH_PATH}`, lifetimeSeconds);
    },
    revokeTokens,
    ...snapshots,
    reset,
    close,
    [Symbol.asyncDispose]: close,
    ready,
    found,
    handle,
  };
}

/** The stored state, read into memory; the folder is let go when it cannot be read. */
function stateOf(parts: ConstructorParameters<typeof State>[0]): State {
  try {
    return new State(parts);
  } catch (error) {
    parts.store.close();
    throw error;
  }
}

function projectRoutes(state: State, tokens: Tokens, limits: boolean | InstanceLimits): Route[] {
  return [
    ...assetRoutes(state),
    ...eventRoutes(state),
    ...timeSeriesRoutes(state),
    ...dataPointRoutes(state),
    ...syntheticRoutes(state),
    ...subscriptionRoutes(state),
    ...withoutAbandoned(state, [...fileContentRoutes(state, tokens), ...fileRoutes(state)]),
    ...labelRoutes(state),
    ...dataSetRoutes(state),
    ...unitRoutes(),
    ...lazyRoutes('/models', async () =>
      (await import('./model-routes.js')).modelRoutes(state, limits),
    ),
  ];
}
