import type { ActiveFault, Fault } from '@cdf/emulator';

/** Where an emulator is that runs elsewhere. */
export interface DistantEmulator {
  readonly url: string;
  readonly project: string;
  readonly apiKey: string | undefined;
}

declare global {
  interface Window {
    /** Starts an emulator in the process that drives the browser, which closes it as well. */
    startEmulator(): Promise<DistantEmulator>;
    /** No page may control an emulator; the process that drives the browser may. */
    controlFaults(action: 'add' | 'all' | 'clear', fault?: Fault): Promise<unknown>;
  }
}

interface Faults {
  add(fault: Fault): Promise<number>;
  all(): Promise<readonly ActiveFault[]>;
  clear(): Promise<void>;
}

/** Stands in for `@cdf/emulator` in a page: a server that is reached over HTTP only. */
export async function startEmulator(): Promise<
  DistantEmulator & { faults: Faults; close(): Promise<void> }
> {
  const faults: Faults = {
    add: (fault) => window.controlFaults('add', fault) as Promise<number>,
    all: () => window.controlFaults('all') as Promise<readonly ActiveFault[]>,
    clear: () => window.controlFaults('clear') as Promise<void>,
  };
  return { ...(await window.startEmulator()), faults, close: async () => {} };
}
