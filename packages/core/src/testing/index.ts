export {
  type MemoryHandler,
  type MemoryTransport,
  type MemoryTransportOptions,
  memoryTransport,
} from './memory-transport.js';
