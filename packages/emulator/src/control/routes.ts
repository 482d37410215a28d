import { badRequest, EmulatorError } from '../errors.js';
import { get, post, type Route } from '../http/route.js';
import { isObject, needed, object, parse, text } from '../validation/schema.js';
import type { EmulatorClock } from './clock.js';
import type { Fault } from './fault.js';
import type { ActiveFault, Faults } from './faults.js';
import type { Log, RequestLogEntry, WriteLogEntry } from './logs.js';

/** The parts of the emulator that control over HTTP reaches. */
export interface Controlled {
  readonly clock: EmulatorClock;
  readonly faults: Faults;
  readonly requests: Log<RequestLogEntry>;
  readonly writes: Log<WriteLogEntry>;
  readonly reset: () => Promise<void>;
  readonly revokeTokens: () => void;
  readonly snapshots: () => readonly string[];
  readonly saveSnapshot: (name: string) => void;
  readonly restoreSnapshot: (name: string) => void;
  readonly removeSnapshot: (name: string) => void;
}

/** The members of the object that `startEmulator` returns, over HTTP. */
export function controlRoutes(emulator: Controlled): Route[] {
  const { clock, faults, requests, writes } = emulator;
  return [
    get('/status', () => ({
      now: clock.now(),
      requests: requests.length,
      faults: faults.all().length,
    })),
    get('/faults', () => ({ items: faults.all().map(readable) })),
    post('/faults', (body) => ({ id: asked(() => faults.add(body as Fault)) }), 201),
    post('/faults/clear', () => {
      faults.clear();
      return {};
    }),
    get('/requests', () => ({ items: requests.all() })),
    get('/writes', () => ({ items: writes.all() })),
    post('/clock', (body) => {
      setClock(clock, body);
      return { now: clock.now() };
    }),
    post('/reset', async () => {
      await emulator.reset();
      return {};
    }),
    get('/snapshots', () => ({ items: emulator.snapshots().map((name) => ({ name })) })),
    ...(['save', 'restore', 'remove'] as const).map((verb) =>
      post(`/snapshots/${verb}`, (body) => {
        const { name } = parse(object({ name: needed(text()) }), body);
        emulator[`${verb}Snapshot`](name);
        return {};
      }),
    ),
    post('/tokens/revoke', () => {
      emulator.revokeTokens();
      return {};
    }),
  ];
}

/** Runs work whose refusals are the fault of the request. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof EmulatorError ? badRequest(error.message) : error;
  }
}

/** JSON has no regular expressions. */
function readable({ fault, ...rest }: ActiveFault): object {
  const { path } = fault;
  return { ...rest, fault: { ...fault, ...(path === undefined ? {} : { path: String(path) }) } };
}

/** `{ freeze: ms | true }`, `{ advance: ms }`, `{ run: true }` or `{ reset: true }`. */
function setClock(clock: EmulatorClock, body: unknown): void {
  if (!isObject(body)) throw badRequest('The clock is set by an object');
  const { freeze, advance, run, reset } = body;
  if (typeof freeze === 'number') clock.freeze(freeze);
  else if (freeze === true) clock.freeze();
  if (typeof advance === 'number') clock.advance(advance);
  if (run === true) clock.run();
  if (reset === true) clock.reset();
}
