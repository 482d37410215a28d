import { badRequest, EmulatorError } from '../errors.js';
import { get, post, type Route } from '../http/route.js';
import { anything, type Check, needed, object, parse, text } from '../validation/schema.js';
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
    post('/faults/clear', (body) => {
      refuseMembers(body);
      faults.clear();
      return {};
    }),
    get('/requests', () => ({ items: requests.all() })),
    get('/writes', () => ({ items: writes.all() })),
    post('/clock', (body) => {
      setClock(clock, body);
      return { now: clock.now() };
    }),
    post('/reset', async (body) => {
      refuseMembers(body);
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
    post('/tokens/revoke', (body) => {
      refuseMembers(body);
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
  const shape = { freeze: anything, advance: anything, run: onlyTrue, reset: onlyTrue };
  const order = parse(object(shape), body);
  if (Object.keys(order).length !== 1)
    throw badRequest('Pass one of freeze, advance, run and reset, such as {"advance": 1000}');
  if (order.freeze === true) clock.freeze();
  else if (order.freeze !== undefined) asked(() => clock.freeze(order.freeze as number));
  if (order.advance !== undefined) asked(() => clock.advance(order.advance as number));
  if (order.run === true) clock.run();
  if (order.reset === true) clock.reset();
}

const onlyTrue: Check<true> = (value, path, problems) => {
  if (value !== true) problems.push(`${path} must be true`);
  return true;
};

/** Refuses members of a body that needs none: they would do nothing. */
function refuseMembers(body: unknown): void {
  if (body !== undefined) parse(object({}), body);
}
