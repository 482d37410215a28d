import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const APP = fileURLToPath(new URL('..', import.meta.url));

function walk(
  environment: Record<string, string>,
): Promise<{ code: number | null; out: string; error: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@cdf/source', '--import', 'tsx', 'src/main.ts'],
      {
        cwd: APP,
        env: { ...process.env, ...environment },
      },
    );
    let out = '';
    let error = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (error += chunk));
    child.on('close', (code) => resolve({ code, out, error }));
  });
}

describe('the quickstart', () => {
  it('says in one line that its port is in use, without a stack trace', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const { code, error } = await walk({ CDF_QUICKSTART_PORT: String(port) });
    taken.close();
    expect(code).toBe(1);
    expect(error).toContain(`port ${port} is in use`);
    expect(error).not.toContain('    at ');
  });

  it('says what is wrong with an invalid port', async () => {
    const { code, error } = await walk({ CDF_QUICKSTART_PORT: 'eighty' });
    expect(code).toBe(1);
    expect(error).toContain('CDF_QUICKSTART_PORT must be a port number, got "eighty"');
    expect(error).not.toContain('    at ');
  });
});
