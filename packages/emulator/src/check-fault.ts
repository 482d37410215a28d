import { types } from 'node:util';
import { refuseOthers } from './check-names.js';
import { checkNetwork } from './check-network.js';
import {
  aFlag,
  aString,
  aWhole,
  checkMembers,
  refuse,
  shown,
  type ValueCheck,
} from './check-values.js';
import { CONTROL_PATH } from './control/control-path.js';
import type { Fault } from './control/fault.js';
import { hasNoBody } from './control/no-body.js';
import { EmulatorError } from './errors.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const anyway: ValueCheck = () => undefined;
const bytes = aWhole({ min: 0 });

const FAULT_MEMBERS: Readonly<Record<keyof Fault, ValueCheck>> = {
  method: checkMethod,
  path: checkPath,
  skip: aWhole({ min: 0 }),
  count: aWhole({ min: 1, orAll: true }, 'leave the fault out to let all requests pass'),
  probability: checkProbability,
  seed: aWhole(),
  // Both are options of the emulator too, and are checked with those.
  latencyMs: anyway,
  chunkBytes: anyway,
  status: aWhole({ min: 200, max: 599 }),
  message: aString,
  retryAfterSeconds: aWhole({ min: 0 }),
  headers: checkHeaders,
  rawBody: aString,
  resetBeforeBody: aFlag,
  resetAfterHandling: aFlag,
  cutBodyAfterBytes: bytes,
  stallBodyAfterBytes: bytes,
};

/** Effects of which a request can have one only. */
const EXCLUSIVE = [
  'status',
  'resetBeforeBody',
  'resetAfterHandling',
  'cutBodyAfterBytes',
  'stallBodyAfterBytes',
  'chunkBytes',
] as const satisfies readonly (keyof Fault)[];

/** Parts of an answer that only come with a status. */
const WITH_STATUS = ['message', 'retryAfterSeconds', 'headers', 'rawBody'] as const;

/**
 * Refuses faults that could never strike or have no effect: the test would pass for nothing.
 *
 * @throws {EmulatorError}
 */
export function checkFault(fault: Fault): void {
  if (typeof fault !== 'object' || fault === null || Array.isArray(fault))
    throw new EmulatorError('a fault must be an object, such as { path: "/assets", status: 503 }');
  refuseOthers(fault, FAULT_MEMBERS, (name) => `unknown member ${name} of a fault`, 'a fault has');
  checkMembers(fault, FAULT_MEMBERS, (name) => `${name} of a fault`);
  checkNetwork(fault);
  checkEffects(fault);
}

function checkEffects(fault: Fault): void {
  for (const name of WITH_STATUS)
    if (fault[name] !== undefined && fault.status === undefined)
      throw new EmulatorError(`${name} of a fault needs a status, such as status: 503`);
  const effects = EXCLUSIVE.filter((name) => fault[name] !== undefined && fault[name] !== false);
  if (effects.length === 0 && fault.latencyMs === undefined)
    throw new EmulatorError(
      'a fault needs an effect: status, latencyMs, chunkBytes, resetBeforeBody: true, ' +
        'resetAfterHandling: true, cutBodyAfterBytes or stallBodyAfterBytes',
    );
  if (effects.length > 1)
    throw new EmulatorError(
      `${effects.join(' and ')} exclude each other; add two faults, each with one of them`,
    );
  for (const name of ['message', 'rawBody'] as const)
    if (fault[name] !== undefined && hasNoBody(fault.status))
      throw new EmulatorError(
        `an answer with status ${fault.status} has no body; leave out ${name}`,
      );
}

function checkMethod(subject: string, value: unknown): void {
  if (typeof value === 'string' && METHODS.includes(value.toUpperCase())) return;
  refuse(subject, METHODS.join(', '), value, 'leave it out for all methods');
}

function checkPath(subject: string, value: unknown): void {
  if (types.isRegExp(value)) return;
  if (typeof value !== 'string') refuse(subject, 'a string or a regular expression', value);
  if (!/^[/*]/.test(value)) {
    const remedy = value === '' ? 'leave it out for all paths' : `did you mean ${meant(value)}?`;
    throw new EmulatorError(`${subject} must start with /, got ${shown(value)}; ${remedy}`);
  }
  const [path = ''] = value.split(/[?#]/);
  if (path !== value)
    throw new EmulatorError(`${subject} must come without the query: ${shown(path)}`);
  if (path.startsWith(`${CONTROL_PATH}/`))
    throw new EmulatorError(`no fault strikes control requests, got path ${shown(path)}`);
}

function meant(path: string): string {
  const line = /^([A-Za-z]+) +(\/.*)$/.exec(path);
  if (line !== null) return `method: ${shown(line[1]?.toUpperCase())}, path: ${shown(line[2])}`;
  return shown(/^https?:/.test(path) && URL.canParse(path) ? new URL(path).pathname : `/${path}`);
}

/** 0 is a probability as well: properties of tests draw it. */
function checkProbability(subject: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  const isPercent = typeof value === 'number' && value > 1 && value <= 100;
  refuse(subject, 'from 0 to 1', value, isPercent ? `did you mean ${value / 100}?` : '');
}

function checkHeaders(subject: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(subject, 'an object', value);
  for (const [name, text] of Object.entries(value as object)) {
    if (typeof text === 'string' && isHeader(name, text)) continue;
    throw new EmulatorError(
      `invalid header ${shown(name)} of a fault, got ${shown(text)}; ` +
        'a name has letters, digits and -, a value is a string of Latin letters',
    );
  }
}

function isHeader(name: string, text: string): boolean {
  try {
    return new Headers([[name, text]]).has(name);
  } catch {
    return false;
  }
}
