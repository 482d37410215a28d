/** A local Cognite Data Fusion for development and tests. Not a production store. */

export type { EmulatorClock } from './control/clock.js';
export type { Fault, LatencyRange } from './control/fault.js';
export type { ActiveFault, Faults } from './control/faults.js';
export type { Log, RequestLogEntry, WriteLogEntry, WrittenItem } from './control/logs.js';
export type { Emulator } from './emulator.js';
export { createEmulator } from './emulator.js';
export { EmulatorError } from './errors.js';
export type { EmulatorOptions, InstanceLimits, Seed, SeedName, ServerOptions } from './options.js';
export { startEmulator } from './server.js';
