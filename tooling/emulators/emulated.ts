// By path: tooling is not a package, and has no dependencies of its own.
import {
  type ClientConfig,
  createTransport,
  Token,
  type Transport,
} from '../../packages/core/src/index.js';
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from '../../packages/emulator/src/index.js';
import { NETWORK } from './network.js';

/** An emulator on a socket, and a transport to it; disposing closes both. */
export interface Emulated extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly transport: Transport;
  /** Another transport, whose settings differ; the test closes it. */
  connect(settings: Partial<ClientConfig>): Transport;
}

/**
 * @param settings of the transport: by default it retries as a user's does
 * @param options of the emulator: by default it sends its answers in small pieces
 */
export async function emulated(
  settings: Partial<ClientConfig> = {},
  options: EmulatorOptions = NETWORK,
): Promise<Emulated> {
  const emulator = await startEmulator(options);
  const config = {
    clientName: 'test',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(() => emulator.issueToken()),
    ...settings,
  };
  const transport = createTransport(config as ClientConfig);
  return {
    emulator,
    transport,
    connect: (others) => createTransport({ ...config, ...others } as ClientConfig),
    async [Symbol.asyncDispose]() {
      await transport.close();
      await emulator.close();
    },
  };
}
