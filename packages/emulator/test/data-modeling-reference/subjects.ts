import { existsSync, readFileSync } from 'node:fs';
import { type Emulator, type EmulatorOptions, startEmulator } from '@cdf/emulator';
import type { Json } from '../helpers.js';
import { parseExact, stringifyExact } from './exact-json.js';
import type { Answer } from './naive/state.js';
import { naiveModel } from './naive-model.js';

/** The side that answers: the naive model, or an emulator over sockets. */
export interface Subject {
  readonly name: 'naive model' | 'emulator';
  /** A path below `/models/`, such as `POST spaces`. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: Json) => Promise<Answer>;
  readonly post: (path: string, body: Json) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
  /** Only an emulator has paths outside of `/models`. */
  readonly emulator?: Emulator;
  readonly close: () => Promise<void>;
}

const CORE_PLACES = [
  new URL('../../../../../shared/contract/cognite-core-v1.json', import.meta.url),
  new URL('../../data/cognite-core.json', import.meta.url),
];

/** CogniteCore as create requests. */
function coreModel(): Json {
  const place = CORE_PLACES.find((url) => existsSync(url));
  if (place === undefined) throw new Error('the core model was not found');
  return JSON.parse(readFileSync(place, 'utf8'));
}

export function naiveSubject(core: Json = coreModel()): Subject {
  const model = naiveModel(core);
  return {
    name: 'naive model',
    call: async (method, path, body) =>
      model.call(method, path, parseExact(stringifyExact(body ?? {}))),
    post: async (path, body) => model.call('POST', path, parseExact(stringifyExact(body))),
    get: async (path) => model.call('GET', path),
    close: async () => {},
  };
}

export async function emulatorSubject(options: EmulatorOptions = {}): Promise<Subject> {
  const emulator = await startEmulator(options);
  const call = async (method: 'GET' | 'POST', path: string, body?: Json): Promise<Answer> =>
    await callProject(emulator, method, `/models/${path}`, body);
  return {
    name: 'emulator',
    emulator,
    call,
    post: async (path, body) => await call('POST', path, body),
    get: async (path) => await call('GET', path),
    close: async () => await emulator.close(),
  };
}

/** A request to any path of the emulator's project, over sockets; integers keep their digits. */
export async function callProject(
  emulator: Emulator,
  method: 'GET' | 'POST',
  path: string,
  body?: Json,
): Promise<Answer> {
  const response = await fetch(`${emulator.url}/api/v1/projects/${emulator.project}${path}`, {
    method,
    headers: { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/json' },
    body: body === undefined ? null : stringifyExact(body),
  });
  return { status: response.status, body: parseExact(await response.text()) };
}
