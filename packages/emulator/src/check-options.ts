import type { Fault } from './control/fault.js';
import { EmulatorError } from './errors.js';
import type { EmulatorOptions, InstanceLimits, Seed, SeedName, ServerOptions } from './options.js';

/** How far a name may be from the one that was meant, as a part of its length. */
const LIKENESS = 0.5;

const EMULATOR_OPTIONS = {
  project: true,
  dataFolder: true,
  seed: true,
  now: true,
  clientId: true,
  clientSecret: true,
  apiKeys: true,
  tokenLifetimeSeconds: true,
  faults: true,
  allowOrigins: true,
  allowHosts: true,
  allowReset: true,
  controlToken: true,
  logCapacity: true,
  latencyMs: true,
  chunkBytes: true,
  exposeHeaders: true,
  limits: true,
} as const satisfies Record<keyof EmulatorOptions, true>;

const SERVER_OPTIONS = { ...EMULATOR_OPTIONS, port: true, host: true } as const satisfies Record<
  keyof ServerOptions,
  true
>;

const SEED = {
  dataSets: true,
  labels: true,
  assets: true,
  timeseries: true,
  events: true,
  files: true,
  datapoints: true,
  spaces: true,
  containers: true,
  views: true,
  dataModels: true,
  pendingInstanceIds: true,
  instances: true,
} as const satisfies Record<keyof Seed, true>;

const SEEDED_FILE = { file: true, content: true } as const satisfies Record<
  keyof NonNullable<Seed['files']>[number],
  true
>;

const SEED_NAMES = { none: true, small: true, plant: true } as const satisfies Record<
  SeedName,
  true
>;

const INSTANCE_LIMITS = { read: true, write: true, delete: true } as const satisfies Record<
  keyof InstanceLimits,
  true
>;

type JsonType = 'string' | 'number' | 'boolean' | 'object';

/** The types that JSON may have for each member of a fault. */
export const FAULT_MEMBERS: Readonly<Record<keyof Fault, readonly JsonType[]>> = {
  method: ['string'],
  path: ['string'],
  skip: ['number'],
  count: ['number'],
  probability: ['number'],
  seed: ['number'],
  latencyMs: ['number', 'object'],
  chunkBytes: ['number'],
  status: ['number'],
  message: ['string'],
  retryAfterSeconds: ['number'],
  headers: ['object'],
  rawBody: ['string'],
  resetBeforeBody: ['boolean'],
  resetAfterHandling: ['boolean'],
  cutBodyAfterBytes: ['number'],
  stallBodyAfterBytes: ['number'],
};

/**
 * Refuses unknown options, which would otherwise be ignored silently.
 *
 * @throws {EmulatorError}
 */
export function checkEmulatorOptions(options: EmulatorOptions): void {
  check(options, EMULATOR_OPTIONS);
}

/** Refuses unknown {@link ServerOptions}. @throws {EmulatorError} */
export function checkServerOptions(options: ServerOptions): void {
  check(options, SERVER_OPTIONS);
}

/** Refuses unknown members of a fault. @throws {EmulatorError} */
export function checkFault(fault: Fault): void {
  refuseOthers(fault, FAULT_MEMBERS, (name) => `unknown member ${name} of a fault`, 'a fault has');
  checkNetwork(fault);
}

function checkLimits(limits: unknown): void {
  if (limits === undefined || typeof limits === 'boolean') return;
  if (typeof limits !== 'object' || limits === null)
    throw new EmulatorError('limits must be true, false or { read, write, delete }');
  refuseOthers(
    limits,
    INSTANCE_LIMITS,
    (name) => `unknown member ${name} of limits`,
    'limits have',
  );
  for (const [name, most] of Object.entries(limits))
    if (most !== undefined && !(Number.isInteger(most) && most >= 1))
      throw new EmulatorError(`limits.${name} must be a whole number of at least 1`);
}

function checkNetwork({
  latencyMs,
  chunkBytes,
}: Pick<EmulatorOptions, 'latencyMs' | 'chunkBytes'>): void {
  const range = typeof latencyMs === 'number' ? { min: latencyMs, max: latencyMs } : latencyMs;
  if (
    range !== undefined &&
    !(range !== null && range.min >= 0 && range.max >= range.min && Number.isFinite(range.max))
  ) {
    throw new EmulatorError(
      'latencyMs must be a number of milliseconds, or { min, max } with 0 <= min <= max',
    );
  }
  if (chunkBytes !== undefined && !(Number.isInteger(chunkBytes) && chunkBytes >= 1)) {
    throw new EmulatorError('chunkBytes must be a whole number of at least 1');
  }
}

function check(options: EmulatorOptions, known: object): void {
  refuseOthers(options, known, (name) => `unknown option ${name}`, 'the options are');
  checkNetwork(options);
  checkLimits(options.limits);
  const { seed, faults = [] } = options;
  for (const fault of faults) checkFault(fault);
  if (seed === undefined) return;
  if (typeof seed === 'string') {
    refuseOthers({ [seed]: true }, SEED_NAMES, (name) => `unknown seed '${name}'`, 'the seeds are');
    return;
  }
  refuseOthers(seed, SEED, (name) => `unknown member ${name} of a seed`, 'a seed has');
  for (const file of seed.files ?? [])
    refuseOthers(
      file,
      SEEDED_FILE,
      (name) => `unknown member ${name} of a file of a seed`,
      'a file of a seed has',
    );
}

function refuseOthers(
  given: object,
  known: object,
  problem: (name: string) => string,
  all: string,
): void {
  const names = Object.keys(known);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const [nearest] = names
      .map((each) => ({ each, far: unlikeness(name, each) }))
      .sort((a, b) => a.far - b.far);
    const hint =
      nearest !== undefined && nearest.far <= LIKENESS
        ? `did you mean ${nearest.each}?`
        : `${all} ${names.join(', ')}`;
    throw new EmulatorError(`${problem(name)}; ${hint}`);
  }
}

/** 0 for names that are the same but for case, 1 for those that share nothing. */
function unlikeness(left: string, right: string): number {
  const [one, other] = [left.toLowerCase(), right.toLowerCase()];
  if (one === other) return 0;
  // `data` for `dataFolder`, as on the command line.
  if (one.length >= 4 && other.includes(one)) return LIKENESS / 2;
  return edits(one, other) / Math.max(one.length, other.length);
}

/** How many letters have to be put in, taken out or changed. */
function edits(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column += 1) {
      const change = (row[column] ?? 0) + (letter === right[column] ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
