import { checkFault } from './check-fault.js';
import { refuseOthers } from './check-names.js';
import { checkNetwork } from './check-network.js';
import { EmulatorError } from './errors.js';
import type { EmulatorOptions, InstanceLimits, Seed, SeedName, ServerOptions } from './options.js';

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
