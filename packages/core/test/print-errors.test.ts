import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import {
  ApiError,
  CdfError,
  ConfigError,
  createTransport,
  NetworkError,
  NotFoundError,
  ServerError,
  Token,
} from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { withAccount } from '../src/resources/writes.js';

// Consoles print errors so once the transport of the runtime is there.
createTransport({ clientName: 'c', project: 'p', cluster: 'c', credentials: new Token('t') });

/** The text that a console prints, without the lines of the stack. */
function printed(error: unknown): string {
  return inspect(error)
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n')
    .replace(/\n {4}at .*?(?= \{)/, '');
}

const REFUSED = {
  status: 400,
  requestId: 'r-1',
  method: 'POST',
  path: '/assets',
} as const;

describe('an error in a console', () => {
  it('is its class, its message and where it came from: no empty members', () => {
    const lines = inspect(
      new ConfigError('client config: project must be a non-empty string'),
    ).split('\n');
    expect(lines[0]).toBe('ConfigError: client config: project must be a non-empty string');
    expect(lines[1]).toMatch(/^ {4}at /);
    expect(printed(new ConfigError('no'))).toBe('ConfigError: no');
  });

  it('has what its message does not say', () => {
    const error = new ServerError('POST /assets: 503 busy [request r-1]', {
      ...REFUSED,
      status: 503,
      retryAfterMs: 2000,
    });
    expect(inspect(error)).toMatch(/^ServerError: POST \/assets: 503 busy \[request r-1\]\n/);
    expect(printed(error)).toContain("delivery: 'unknown'");
    expect(printed(error)).toContain('retryAfterMs: 2000');
    expect(printed(error)).not.toMatch(/status|requestId|method|path|missing|autoRetryable/);
  });

  it('is printed once where it is the cause of one that says the same', () => {
    const network = new NetworkError('GET /assets: nothing listens at this address', {
      cause: new Error('ECONNREFUSED'),
    });
    const account = {
      successful: [],
      unknown: [],
      failed: [{ name: 'a' }],
      notAttempted: [],
      errors: [network],
    };
    const text = inspect(withAccount(network, account));
    expect(text.split('nothing listens at this address')).toHaveLength(2);
    expect(text).toContain("failed: [ { name: 'a' } ]");
    // The cause of the cause says something else.
    expect(text).toContain('[cause]: Error: ECONNREFUSED');
    expect(text).not.toMatch(/successful|\[errors\]/);
  });

  it('shows other errors of the same call', () => {
    const error = new ApiError('first', {
      ...REFUSED,
      errors: [new ConfigError('first'), new ConfigError('second')],
    });
    expect(inspect(error)).toContain('ConfigError: second');
    expect(inspect(error).split('ConfigError: first')).toHaveLength(1);
  });

  it('shows three of the items that were not written, and how many there are', () => {
    const failed = Array.from({ length: 1000 }, (_, id) => ({ name: `asset ${id}` }));
    const text = inspect(new ApiError('refused', { ...REFUSED, failed, notAttempted: failed }));
    expect(text).toContain('... 997 more items');
    expect(text).not.toContain('notAttempted');
    const withoutStack = text.replaceAll(/^\s+at .*$/gm, '');
    expect(withoutStack.length).toBeLessThan(3000);
  });

  it('keeps its members as properties', () => {
    const error = new NotFoundError('retrieve assets: 1 not found (id 9)', {
      status: 400,
      missing: [{ id: 9 }],
    });
    expect([error.successful, error.failed, error.errors, error.missing]).toEqual([
      [],
      [],
      [],
      [{ id: 9 }],
    ]);
    expect({ ...error }).toEqual({
      code: 'not-found',
      delivery: 'refused',
      status: 400,
      missing: [{ id: 9 }],
    });
    const { message } = error;
    expect(JSON.parse(JSON.stringify(error))).toEqual({ ...error, message });
    expect(inspect(error)).not.toContain('missing');
  });

  it('is printed by tools that hand over no function of their own', () => {
    const show = Reflect.get(
      new ConfigError('no'),
      Symbol.for('nodejs.util.inspect.custom'),
    ) as () => string;
    expect(show.call(new ConfigError('no'))).toMatch(/^ConfigError: no\n/);
  });

  it('ends with causes that go in a circle', () => {
    const error = new CdfError('round');
    Object.defineProperty(error, 'cause', { value: error });
    expect(inspect(error)).toMatch(/^CdfError: round\n/);
  });

  it('is printed by Node when it is uncaught', async () => {
    const code = `
      import { ConfigError, createTransport } from '@cdf/core';
      throw new ConfigError('uncaught', { failed: [{ id: 1 }] });`;
    const options = [
      '--conditions=@cdf/source',
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      code,
    ];
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const { stderr } = (await promisify(execFile)(process.execPath, options, { cwd }).catch(
      (error: unknown) => error,
    )) as {
      stderr: string;
    };
    expect(stderr).toContain('ConfigError: uncaught');
    expect(stderr).toContain('failed: [ { id: 1 } ]');
    // Node does not ask for our text there; that `errors` is an array is enough for it to show it.
    expect(stderr).not.toMatch(/successful|unknown|notAttempted|undefined/);
  });
});
