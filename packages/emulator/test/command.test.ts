import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmulatorError, startEmulator } from '@cdf/emulator';
import { afterAll, describe, expect, it } from 'vitest';
import { readCommand } from '../src/command.js';
import { isRunByNpx } from '../src/launcher.js';
import { startProgram, startWithNpx } from './program.js';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs the program to its end and gives its output. */
async function run(
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = startProgram(args);
  children.push(program.child);
  const [code] = (await once(program.child, 'close')) as [number | null];
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe('the program', () => {
  it('prints what a client needs, answers, and stops when asked', async () => {
    const program = startProgram(['--port', '0', '--seed', 'small', '--project', 'plant']);
    children.push(program.child);
    const url = await program.listening;
    for (const name of [
      'CDF_URL',
      'CDF_PROJECT=plant',
      'CDF_TOKEN_URL',
      'CDF_CLIENT_ID',
      'CDF_CLIENT_SECRET',
      'PKCE',
      `issuer ${url}/oauth2, client id emulator-client`,
      'x-control-token',
    ]) {
      expect(program.stdout()).toContain(name);
    }
    expect(program.stdout()).toContain('never keep production data');
    const response = await fetch(`${url}/api/v1/projects/plant/assets`, {
      headers: { 'api-key': 'emulator-key' },
    });
    expect(((await response.json()) as { items: unknown[] }).items).toHaveLength(7);
    program.child.kill('SIGTERM');
    const [code] = (await once(program.child, 'close')) as [number];
    expect(code).toBe(0);
  });

  it('tells in one line why it cannot start, without a stack trace', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const { code, stdout, stderr } = await run('--port', String(port));
    await expect(startEmulator({ port })).rejects.toThrow(EmulatorError);
    holder.close();
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `cdf-emulator: port ${port} is in use; choose another one, or 0 for one that is free\n`,
    });
  });

  it('tells in one line that another program holds its folder, which goes on undisturbed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-held-'));
    const holder = startProgram(['--port', '0', '--data', folder]);
    children.push(holder.child);
    const url = await holder.listening;
    const { code, stdout, stderr } = await run('--port', '0', '--data', folder);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `cdf-emulator: the data folder ${folder} is used by another process; stop that one or choose another folder\n`,
    });
    expect(
      (await fetch(`${url}/login/status`, { headers: { 'api-key': 'emulator-key' } })).status,
    ).toBe(200);
    holder.child.kill('SIGKILL');
    await once(holder.child, 'close');
    rmSync(folder, { recursive: true });
  });

  it('tells what a folder holds, that no seed was used, and that others can open it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-found-'));
    const screen = async (...args: string[]): Promise<string> => {
      const program = startProgram(['--port', '0', '--data', join(folder, 'data'), ...args]);
      children.push(program.child);
      await program.listening;
      program.child.kill('SIGTERM');
      await once(program.child, 'close');
      return program.stdout();
    };
    expect(await screen('--seed', 'small')).not.toMatch(/holds|was not used|Other users/);
    chmodSync(join(folder, 'data'), 0o755);
    const second = await screen('--seed', 'plant');
    expect(second).toContain('The folder holds data: 7 assets, ');
    expect(second).toContain('--seed plant was not used; choose an empty folder');
    if (process.platform !== 'win32')
      expect(second).toContain('Other users of this machine can open the folder (mode 755): chmod');
    expect(await screen()).not.toContain('was not used');
    rmSync(folder, { recursive: true });
  });

  // The shell between npx and its program is looked up on Linux only.
  const signals = ['SIGTERM', 'SIGKILL'] as const;
  const isLong = process.env.CDF_TEST_LONG === '1';
  it.each(process.platform !== 'linux' ? signals.slice(0, 1) : signals.slice(isLong ? 0 : 1))(
    'ends with the npx that runs it, however that ends: %s',
    async (signal) => {
      const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-npx-'));
      const program = startWithNpx(folder, ['--port', '0', '--data', join(folder, 'data')]);
      children.push(program.child);
      const url = await program.listening;
      expect(
        (await fetch(`${url}/login/status`, { headers: { 'api-key': 'emulator-key' } })).status,
      ).toBe(200);
      program.child.kill(signal);
      // Its output stays open for as long as the emulator runs.
      await once(program.child, 'close');
      await expect(fetch(url)).rejects.toThrow();
      const next = await startEmulator({ dataFolder: join(folder, 'data') });
      await next.close();
      rmSync(folder, { recursive: true });
    },
    60_000,
  );

  it('does not end with another process: a script may leave it running', () => {
    const npx = { npm_lifecycle_event: 'npx', npm_lifecycle_script: "'cdf-emulator'" };
    expect(isRunByNpx(npx)).toBe(true);
    for (const env of [
      {},
      { npm_lifecycle_event: 'emulator', npm_lifecycle_script: 'cdf-emulator --port 0 &' },
      { ...npx, npm_lifecycle_script: 'cdf-emulator &' },
      { ...npx, npm_lifecycle_script: "'vitest'" },
    ])
      expect(isRunByNpx(env)).toBe(false);
  });

  it.each([
    [['--port', 'many'], "--port must be a number between 0 and 65535, not 'many'"],
    [['--port', ''], '--port must be a number'],
    [['--seed', 'huge'], "--seed must be none, small or plant, not 'huge'"],
    [['--project', 'a/b'], '--project must be made of letters'],
    [['--allow-origin', 'localhost:5173'], 'did you mean "http://localhost:5173"?'],
    [['--allow-origin', 'http://a.example/app'], '--allow-origin must be an origin such as'],
    [['--allow-host', 'dev.example:80'], 'did you mean "dev.example"?'],
    [['--data', ''], '--data must not be empty; leave it out for the default'],
    [['--api-key', 'a', '--api-key', ''], '--api-key must not be empty'],
    [['--colour'], "Unknown option '--colour'; see --help"],
  ])('refuses %j', (args, message) => {
    expect(() => readCommand(args)).toThrow(EmulatorError);
    expect(() => readCommand(args)).toThrow(message);
  });

  it('reads its options', () => {
    const args = [
      '--data',
      'folder',
      '--api-key',
      'a',
      '--api-key',
      'b',
      '--allow-origin',
      'http://localhost:1',
      '--allow-reset',
    ];
    const expected = {
      port: 4100,
      dataFolder: 'folder',
      apiKeys: ['a', 'b'],
      allowOrigins: ['http://localhost:1'],
      allowReset: true,
    };
    expect(readCommand(args)).toMatchObject(expected);
    expect(readCommand(['--help'])).toBeUndefined();
    // As it is printed and as browsers send it.
    expect(readCommand(['--allow-origin', 'HTTP://Localhost:1/'])?.allowOrigins).toEqual([
      'http://localhost:1',
    ]);
  });
});
