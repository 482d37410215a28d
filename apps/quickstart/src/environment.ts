import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@cdf/emulator';

const APP = fileURLToPath(new URL('..', import.meta.url));

/** Where the pictures and pages go. */
export const OUTPUT_FOLDER: string = join(APP, 'output');

/** The connection to CDF that a section of the walk needs. */
export interface Environment {
  readonly emulator: Emulator;
  readonly dataFolder: string;
  /** The moment that the data is made for. */
  readonly now: Date;
}

/**
 * A local CDF with nothing in it. With an account, your cluster's address and credentials stand
 * here instead.
 */
export async function startEnvironment(): Promise<Environment> {
  const dataFolder = join(APP, 'data');
  // Refuses a folder that another emulator is using: the data of the last run may be in use.
  const emulator = await startEmulator({ dataFolder, port: wantedPort(), allowReset: true });
  // Every run starts from nothing, so that running twice shows the same.
  await emulator.reset();
  rmSync(OUTPUT_FOLDER, { recursive: true, force: true });
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  return { emulator, dataFolder, now: new Date() };
}

function wantedPort(): number {
  const text = process.env.CDF_QUICKSTART_PORT ?? '0';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`CDF_QUICKSTART_PORT must be a port number, got ${JSON.stringify(text)}`);
  return port;
}

/** A path as the reader of the output would type it. */
export function shown(path: string): string {
  return relative(join(APP, '../..'), path);
}
