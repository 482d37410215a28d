import { parseArgs } from 'node:util';
import { PROJECT } from './check-options.js';
import type { LatencyRange } from './control/fault.js';
import { EmulatorError } from './errors.js';
import { hostOf, originOf } from './host-names.js';
import type { SeedName, ServerOptions } from './options.js';

export const USAGE: string = `cdf-emulator - a local Cognite Data Fusion for development and tests

Usage: cdf-emulator [options]

  --port <number>          port to listen on (default 4100; 0 takes a free one)
  --host <address>         address to listen on (default 127.0.0.1)
  --data <folder>          keep everything in this folder (default: memory only)
  --seed <name>            none, small or plant: what is stored at first (default none)
  --project <name>         name of the project (default emulator)
  --client-id <id>         client that may fetch tokens (default emulator-client)
  --client-secret <text>   its secret (default emulator-secret)
  --api-key <key>          key accepted in the api-key header (default emulator-key; may be repeated)
  --allow-origin <origin>  browser origin that may call the API (may be repeated)
  --allow-host <name>      further name the Host header may carry (may be repeated)
  --latency-ms <n|n-m>     how long each answer waits, such as 20-80 (default 0)
  --chunk-bytes <number>   sends bodies in pieces of so many bytes (default: whole)
  --hide-headers           hides ETag and Content-Range of contents from browsers
  --limits                 answer 429 to too many requests for instances at a time
  --allow-reset            let control requests wipe the data folder
  --control-token <text>   token for control requests (default: a random one)
  --help                   this text
`;

const DEFAULT_PORT = 4100;

/** The options of the command line; `undefined` when help was requested. */
export function readCommand(args: readonly string[]): ServerOptions | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  // As from a variable of a script that is not set.
  for (const [name, value] of Object.entries(values))
    if (name !== 'port' && [value].flat().includes(''))
      throw new EmulatorError(`--${name} must not be empty; leave it out for the default`);
  return {
    port: readPort(values.port),
    host: values.host,
    dataFolder: values.data,
    seed: readSeed(values.seed),
    project: readProject(values.project),
    clientId: values['client-id'],
    clientSecret: values['client-secret'],
    apiKeys: values['api-key'],
    allowOrigins: values['allow-origin']?.map((text) => originOf('--allow-origin', text)),
    allowHosts: values['allow-host']?.map((text) => hostOf('--allow-host', text)),
    latencyMs: readLatency(values['latency-ms']),
    chunkBytes: readBytes(values['chunk-bytes']),
    exposeHeaders: values['hide-headers'] === true ? false : undefined,
    limits: values.limits,
    allowReset: values['allow-reset'],
    controlToken: values['control-token'],
  };
}

interface Values {
  readonly [name: string]: unknown;
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly seed?: string;
  readonly project?: string;
  readonly 'client-id'?: string;
  readonly 'client-secret'?: string;
  readonly 'api-key'?: string[];
  readonly 'allow-origin'?: string[];
  readonly 'allow-host'?: string[];
  readonly 'latency-ms'?: string;
  readonly 'chunk-bytes'?: string;
  readonly 'hide-headers'?: boolean;
  readonly limits?: boolean;
  readonly 'allow-reset'?: boolean;
  readonly 'control-token'?: string;
  readonly help?: boolean;
}

function parse(args: readonly string[]): { values: Values } {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        port: text,
        host: text,
        data: text,
        seed: text,
        project: text,
        'client-id': text,
        'client-secret': text,
        'api-key': texts,
        'allow-origin': texts,
        'allow-host': texts,
        'latency-ms': text,
        'chunk-bytes': text,
        'hide-headers': flag,
        limits: flag,
        'allow-reset': flag,
        'control-token': text,
        help: flag,
      },
    });
  } catch (error) {
    throw new EmulatorError(`${(error as Error).message.split('. ')[0]}; see --help`, {
      cause: error,
    });
  }
}

function readPort(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (text?.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EmulatorError(`--port must be a number between 0 and 65535, not '${text}'`);
  }
  return port;
}

function readLatency(text: string | undefined): number | LatencyRange | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text);
  const [min, max] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || max < min)
    throw new EmulatorError(`--latency-ms must be like 50 or 20-80, not '${text}'`);
  return { min, max };
}

function readBytes(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text))
    return text === undefined ? undefined : Number(text);
  throw new EmulatorError(`--chunk-bytes must be a number of at least 1, not '${text}'`);
}

function readSeed(text: string | undefined): SeedName | undefined {
  if (text === undefined || text === 'none' || text === 'small' || text === 'plant') return text;
  throw new EmulatorError(`--seed must be none, small or plant, not '${text}'`);
}

function readProject(text: string | undefined): string | undefined {
  if (text === undefined || PROJECT.test(text)) return text;
  throw new EmulatorError(`--project must be made of letters, digits, - and _, not '${text}'`);
}
