import { checkFault } from './check-fault.js';
import { refuseOthers } from './check-names.js';
import { checkNetwork } from './check-network.js';
import {
  aFlag,
  aList,
  aName,
  aWhole,
  checkMembers,
  refuse,
  shown,
  type ValueCheck,
} from './check-values.js';
import type { Fault } from './control/fault.js';
import { EmulatorError } from './errors.js';
import { hostOf, originOf } from './host-names.js';
import type { EmulatorOptions, InstanceLimits, Seed, SeedName, ServerOptions } from './options.js';

/** Checked with the options that faults have too, or below. */
const elsewhere: ValueCheck = () => undefined;

const EMULATOR_OPTIONS: Readonly<Record<keyof EmulatorOptions, ValueCheck>> = {
  project: aProject,
  dataFolder: aName,
  seed: aSeed,
  now: (subject, value) => {
    if (typeof value === 'function') return;
    refuse(subject, 'a function', value, typeof value === 'number' ? `pass () => ${value}` : '');
  },
  clientId: aName,
  clientSecret: aName,
  apiKeys: aList(aName),
  tokenLifetimeSeconds: (subject, value) => {
    if (!(Number.isFinite(value) && Number(value) > 0)) refuse(subject, 'above 0', value);
  },
  faults: aList((_subject, value) => checkFault(value as Fault)),
  allowOrigins: aList(originOf),
  allowHosts: aList(hostOf),
  allowReset: aFlag,
  controlToken: aName,
  logCapacity: aWhole({ min: 1, orAll: true }),
  latencyMs: elsewhere,
  chunkBytes: elsewhere,
  exposeHeaders: aFlag,
  limits: elsewhere,
};

const SERVER_OPTIONS: Readonly<Record<keyof ServerOptions, ValueCheck>> = {
  ...EMULATOR_OPTIONS,
  port: aWhole({ min: 0, max: 65_535 }),
  host: aName,
};

const TOKEN_OPTIONS: Readonly<Record<string, ValueCheck>> = {
  subject: aName,
  lifetimeSeconds: (subject, value) => {
    if (!Number.isFinite(value)) refuse(subject, 'a number of seconds', value);
  },
};

/** Names that need no encoding in a URL. */
export const PROJECT: RegExp = /^[a-z0-9][a-z0-9_-]*$/i;

const SEED: Readonly<Record<keyof Seed, ValueCheck>> = {
  dataSets: aSeedMember,
  labels: aSeedMember,
  assets: aSeedMember,
  timeseries: aSeedMember,
  events: aSeedMember,
  files: (subject, files) => {
    aSeedMember(subject, files);
    for (const file of files as readonly object[])
      refuseOthers(
        file,
        SEEDED_FILE,
        (name) => `unknown member ${name} of a file of a seed`,
        'a file of a seed has',
      );
  },
  datapoints: aSeedMember,
  spaces: aSeedMember,
  containers: aSeedMember,
  views: aSeedMember,
  dataModels: aSeedMember,
  pendingInstanceIds: (subject, items) => {
    if (!isObject(items)) refuse(subject, 'an object', items);
  },
  instances: aSeedMember,
};

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
 * Refuses unknown options, which would otherwise be ignored silently, and values that mean nothing.
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

/** Refuses unknown options of `issueToken`. @throws {EmulatorError} */
export function checkTokenOptions(options: object): void {
  refuseOthers(options, TOKEN_OPTIONS, (name) => `unknown option ${name}`, 'the options are');
  checkMembers(options, TOKEN_OPTIONS);
}

function check(options: EmulatorOptions, known: Readonly<Record<string, ValueCheck>>): void {
  if (!isObject(options))
    throw new EmulatorError(`the options must be an object, got ${shown(options)}`);
  refuseOthers(options, known, (name) => `unknown option ${name}`, 'the options are');
  checkNetwork(options);
  checkLimits(options.limits);
  checkMembers(options, known);
}

function aProject(subject: string, value: unknown): void {
  if (typeof value === 'string' && PROJECT.test(value)) return;
  refuse(subject, 'letters, digits, - and _', value);
}

function aSeed(subject: string, seed: unknown): void {
  if (typeof seed === 'string') {
    refuseOthers({ [seed]: true }, SEED_NAMES, (name) => `unknown seed '${name}'`, 'the seeds are');
    return;
  }
  if (!isObject(seed)) refuse(subject, 'none, small, plant or an object', seed);
  refuseOthers(seed, SEED, (name) => `unknown member ${name} of a seed`, 'a seed has');
  checkMembers(seed, SEED, (name) => `${name} of a seed`);
}

function aSeedMember(subject: string, items: unknown): void {
  if (!Array.isArray(items)) refuse(subject, 'an array', items);
  for (const item of items) if (!isObject(item)) refuse(subject, 'an array of objects', item);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
