/// <reference types="node" />

import * as timers from 'node:timers';

// That of the start: a test that takes timers over would keep listings waiting.
const { setImmediate } = timers;

/**
 * Ends the turn of the event loop. Node writes a request when nothing else is left to do: long work
 * right after a call would hold it back.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
