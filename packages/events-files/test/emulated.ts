import { EventsApi, FilesApi } from '@cdf/events-files';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { NETWORK_OF_FILES } from '../../../tooling/emulators/network.js';

/** An emulator on a socket, and what speaks to it. */
export interface EmulatedFiles extends Emulated {
  readonly events: EventsApi;
  readonly files: FilesApi;
}

/**
 * @param timeouts what counts as a stall: `timeoutMs` in a body that is read,
 * `fileTransferTimeoutMs` in one that is sent
 */
export async function startEmulated(
  timeouts: { timeoutMs?: number; fileTransferTimeoutMs?: number } = {},
): Promise<EmulatedFiles> {
  const project = await emulated({ ...timeouts, retry: { backoffLimitMs: 20 } }, NETWORK_OF_FILES);
  const { transport } = project;
  return { ...project, events: new EventsApi(transport), files: new FilesApi(transport) };
}
