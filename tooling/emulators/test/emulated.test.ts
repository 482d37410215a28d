import { afterEach, expect, it, vi } from 'vitest';
import { emulated } from '../emulated.js';

afterEach(() => vi.restoreAllMocks());

/** Sockets that listen, in this process. */
const servers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

it('leaves no emulator where the settings of the transport are invalid', async () => {
  const before = servers();
  await expect(emulated({ clientName: '' })).rejects.toThrow('clientName');
  await expect.poll(servers).toBeLessThanOrEqual(before);
});

it('closes every transport, and the emulator where one of them fails', async () => {
  const before = servers();
  const { transport, connect, ...project } = await emulated();
  const others = [connect({ clientName: 'one' }), connect({ clientName: 'two' })];
  const closing = others.map((other) => vi.spyOn(other, 'close'));
  vi.spyOn(transport, 'close').mockRejectedValue(new Error('not closed'));
  await expect(project[Symbol.asyncDispose]()).rejects.toThrow('not closed');
  for (const close of closing) expect(close).toHaveBeenCalledTimes(1);
  await expect.poll(servers).toBeLessThanOrEqual(before);
});
