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

/** An emulator on a socket, and transports to it; disposing closes all of them. */
export interface Emulated extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly transport: Transport;
  /** Another transport, whose settings differ. */
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
  const transports: Transport[] = [];
  const connect = (others: Partial<ClientConfig>): Transport => {
    const transport = createTransport({ ...config, ...others } as ClientConfig);
    transports.push(transport);
    return transport;
  };
  const close = async (): Promise<void> => {
    try {
      await Promise.all(transports.map((transport) => transport.close()));
    } finally {
      await emulator.close();
    }
  };
  try {
    return { emulator, transport: connect({}), connect, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
