import { type ChildProcess, spawn } from 'node:child_process';

const BIN = new URL('../src/bin.ts', import.meta.url).pathname;

/** The emulator as a program of its own, from source. */
export interface Program {
  readonly child: ChildProcess;
  /** Its address, when it answers. */
  readonly listening: Promise<string>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function startProgram(args: readonly string[]): Program {
  const child = spawn(process.execPath, ['--conditions=@cdf/source', '--import', 'tsx', BIN, ...args], {
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
