import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BIN = new URL('../src/bin.ts', import.meta.url).pathname;

/** The emulator as a program of its own, from source. */
export interface Program {
  readonly child: ChildProcess;
  /** Its address, when it answers. */
  readonly listening: Promise<string>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

const FROM_SOURCE = ['--conditions=@cdf/source', '--import', import.meta.resolve('tsx'), BIN];

export function startProgram(args: readonly string[]): Program {
  return start(process.execPath, [...FROM_SOURCE, ...args]);
}

/** The same through `npx cdf-emulator` in a folder of its own, as if it were installed there. */
export function startWithNpx(folder: string, args: readonly string[]): Program {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const words = [process.execPath, ...FROM_SOURCE].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(bin, 'cdf-emulator'), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return start('npx', ['--offline', 'cdf-emulator', ...args], folder);
}

function start(command: string, args: readonly string[], cwd?: string): Program {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDF_DEBUG: '', NODE_OPTIONS: '' },
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const found = /CDF_URL=(\S+)/.exec(stdout);
      if (found !== null && stdout.includes('Stop with')) resolve(found[1] ?? '');
    });
    child.on('close', () => reject(new Error(`the program ended: ${stderr}`)));
  });
  listening.catch(() => undefined);
  return { child, listening, stdout: () => stdout, stderr: () => stderr };
}
