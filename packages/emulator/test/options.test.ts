import { createEmulator, EmulatorError, type ServerOptions, startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';

/** Options of a caller without types. */
const untyped = (options: object): ServerOptions => options as ServerOptions;

describe('an unknown option', () => {
  it('is refused by its name, with the one that was meant', async () => {
    await expect(startEmulator(untyped({ sede: 'small' }))).rejects.toThrow(
      new EmulatorError('unknown option sede; did you mean seed?'),
    );
    expect(() => createEmulator(untyped({ data: 'folder' }))).toThrow(
      'unknown option data; did you mean dataFolder?',
    );
    expect(() => createEmulator(untyped({ allowOrigin: [] }))).toThrow(
      'did you mean allowOrigins?',
    );
    expect(() => createEmulator(untyped({ apikey: 'k' }))).toThrow('did you mean apiKeys?');
    expect(() => createEmulator(untyped({ allowHost: [] }))).toThrow('did you mean allowHosts?');
  });

  it('is refused with all known ones, when no name is like it', async () => {
    await expect(startEmulator(untyped({ verbose: true }))).rejects.toThrow(
      /unknown option verbose; the options are project, .*faults, .*, port, host$/,
    );
  });

  it('is told about an emulator without a socket: it has no port', () => {
    expect(() => createEmulator(untyped({ port: 4100 }))).toThrow('unknown option port');
  });

  it('is refused in a seed as well', async () => {
    await expect(
      startEmulator({ seed: untyped({ timeSeries: [{ externalId: 's' }] }) as object }),
    ).rejects.toThrow('unknown member timeSeries of a seed; did you mean timeseries?');
    expect(() =>
      createEmulator({ seed: { files: [{ name: 'a.txt', content: 'a' } as never] } }),
    ).toThrow('unknown member name of a file of a seed; a file of a seed has file, content');
    expect(() => createEmulator({ seed: 'smal' as 'small' })).toThrow(
      "unknown seed 'smal'; did you mean small?",
    );
  });

  it('is refused in a fault, which would never strike as it was meant', () => {
    const misspelt = { cutBodyAfterByte: 5 } as object;
    const refusal = 'unknown member cutBodyAfterByte of a fault; did you mean cutBodyAfterBytes?';
    expect(() => createEmulator({ faults: [misspelt] })).toThrow(refusal);
    const { faults } = createEmulator();
    expect(() => faults.add(misspelt)).toThrow(refusal);
    expect(faults.all()).toEqual([]);
  });
});

it('an option may be there and undefined', async () => {
  const emulator = createEmulator({ seed: undefined, project: undefined });
  expect(emulator.project).toBe('emulator');
  await emulator.close();
});
