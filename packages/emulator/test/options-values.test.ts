import { createEmulator, EmulatorError, type ServerOptions, startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';

/** Values that options do not take, with a part of the refusal. */
const REFUSED: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{ port: '0' }, 'port must be a whole number from 0 to 65535, got "0"'],
  [{ port: 65_536 }, 'port must be'],
  [{ port: 1.5 }, 'port must be'],
  [{ host: '' }, 'host must be a string that is not empty, got ""'],
  [{ project: 'a/b' }, 'project must be letters, digits, - and _, got "a/b"'],
  [{ project: '' }, 'project must be'],
  [{ dataFolder: '' }, 'dataFolder must be a string that is not empty'],
  [{ dataFolder: new URL('file:///tmp/a') }, 'dataFolder must be'],
  [{ seed: null }, 'seed must be none, small, plant or an object, got null'],
  [{ seed: [] }, 'seed must be none, small, plant or an object, got an array'],
  [{ seed: { assets: { name: 'a' } } }, 'assets of a seed must be an array, got an object'],
  [{ seed: { assets: ['a'] } }, 'assets of a seed must be an array of objects, got "a"'],
  [{ seed: { pendingInstanceIds: [] } }, 'pendingInstanceIds of a seed must be an object'],
  [{ now: 5 }, 'now must be a function, got 5; pass () => 5'],
  [{ now: () => Number.NaN }, 'now must return milliseconds since 1970, but returned NaN'],
  [{ now: () => new Date() }, 'now must return milliseconds since 1970, but returned a Date'],
  [{ clientId: '' }, 'clientId must be'],
  [{ clientSecret: 5 }, 'clientSecret must be'],
  [{ apiKeys: 'key' }, 'apiKeys must be an array, got "key"; pass ["key"]'],
  [{ apiKeys: [''] }, 'apiKeys[0] must be a string that is not empty'],
  [{ tokenLifetimeSeconds: '60' }, 'tokenLifetimeSeconds must be above 0, got "60"'],
  [{ tokenLifetimeSeconds: 0 }, 'tokenLifetimeSeconds must be above 0, got 0'],
  [{ faults: { status: 503 } }, 'faults must be an array, got an object'],
  [{ allowReset: 'yes' }, 'allowReset must be true or false, got "yes"'],
  [{ exposeHeaders: 0 }, 'exposeHeaders must be'],
  [{ controlToken: '' }, 'controlToken must be'],
  [{ logCapacity: 0 }, 'logCapacity must be a whole number of at least 1, got 0'],
  [{ logCapacity: '10' }, 'logCapacity must be'],
  [{ latencyMs: '20-80' }, 'latencyMs must be'],
  [{ chunkBytes: 0 }, 'chunkBytes must be'],
  [{ limits: { read: 0 } }, 'limits.read must be'],
  [{ allowOrigins: 'http://localhost:5173' }, 'pass ["http://localhost:5173"]'],
  [{ allowOrigins: ['localhost:5173'] }, 'did you mean "http://localhost:5173"?'],
  [{ allowOrigins: ['http://a.example/app'] }, 'did you mean "http://a.example"?'],
  [{ allowOrigins: ['http://a.example,http://b.example'] }, 'allowOrigins[0] must be an origin'],
  [{ allowOrigins: ['https://*.example'] }, 'list each origin, or "*" for all'],
  [{ allowOrigins: [''] }, 'allowOrigins[0] must be an origin'],
  [{ allowOrigins: [5] }, 'allowOrigins[0] must be an origin'],
  [{ allowHosts: 'dev.example' }, 'pass ["dev.example"]'],
  [{ allowHosts: ['dev.example:4100'] }, 'did you mean "dev.example"?'],
  [{ allowHosts: ['http://dev.example/'] }, 'did you mean "dev.example"?'],
  [{ allowHosts: ['*'] }, 'allowHosts[0] must be a host name without a port, got "*"'],
];

describe('an option with a value that means nothing', () => {
  it.each(REFUSED)('is refused with the remedy: %j', async (options, text) => {
    await expect(startEmulator(options as ServerOptions)).rejects.toThrow(EmulatorError);
    await expect(startEmulator(options as ServerOptions)).rejects.toThrow(text);
    if ('port' in options || 'host' in options) return;
    expect(() => createEmulator(options as ServerOptions)).toThrow(text);
  });

  it.each([null, 'plant', []])('is refused: %j instead of options', async (options) => {
    await expect(startEmulator(options as never)).rejects.toThrow('the options must be an object');
  });
});

describe('a browser origin', () => {
  const ask = async (allowed: string, origin: string): Promise<[number, string]> => {
    await using emulator = createEmulator({ allowOrigins: [allowed] });
    const headers = { 'api-key': 'emulator-key', origin };
    const url = `${emulator.url}/api/v1/projects/emulator/assets`;
    const response = await emulator.fetch(url, { headers });
    return [response.status, await response.text()];
  };

  it.each([
    ['http://localhost:5173/', 'http://localhost:5173'],
    ['HTTP://LocalHost:5173', 'http://localhost:5173'],
    ['https://app.example:443', 'https://app.example'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['null', 'null'],
    ['*', 'http://any.example'],
  ])('%s lets %s in', async (allowed, origin) => {
    expect((await ask(allowed, origin))[0]).toBe(200);
  });

  it('lets no other in, not even a part of it, and the refusal shows both', async () => {
    const [status, text] = await ask('http://localhost:5173', 'http://localhost');
    expect([status, text]).toEqual([403, expect.stringContaining('http://localhost is not')]);
    expect(text).toContain('allowed: http://localhost:5173');
    expect(text).toContain('--allow-origin http://localhost ');
  });
});

it('a host name may be allowed in any case, and an IPv6 one without brackets', async () => {
  await using emulator = createEmulator({ allowHosts: ['Dev.Example', 'fd00::1'] });
  const headers = { 'api-key': 'emulator-key' };
  for (const host of ['dev.example', '[fd00::1]:4100'])
    expect((await emulator.fetch(`http://${host}/login/status`, { headers })).status).toBe(200);
});
