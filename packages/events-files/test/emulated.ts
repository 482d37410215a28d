import { type ClientConfig, createTransport, Token, type Transport } from '@cdf/core';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { EventsApi, FilesApi } from '@cdf/events-files';
import { NETWORK_OF_FILES } from '../../../tooling/emulators/network.js';

/** An emulator on a socket, and what speaks to it. */
export interface Emulated extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly transport: Transport;
  readonly events: EventsApi;
  readonly files: FilesApi;
  /** Another client, of which some settings differ. */
  connect(settings: Partial<ClientConfig>): Transport;
}

/**
 * @param timeouts what counts as a stall: `timeoutMs` in a body that is read,
 * `fileTransferTimeoutMs` in one that is sent
 */
export async function startEmulated(
  timeouts: { timeoutMs?: number; fileTransferTimeoutMs?: number } = {},
): Promise<Emulated> {
  const emulator = await startEmulator(NETWORK_OF_FILES);
  const config: ClientConfig = {
    clientName: 'events-files-tests',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(await emulator.issueToken()),
    ...timeouts,
    retry: { backoffLimitMs: 20 },
  };
  const transport = createTransport(config);
  return {
    emulator,
    transport,
    events: new EventsApi(transport),
    files: new FilesApi(transport),
    connect: (settings) => createTransport({ ...config, ...settings } as ClientConfig),
    async [Symbol.asyncDispose]() {
      await transport.close();
      await emulator.close();
    },
  };
}
