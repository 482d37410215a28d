/// <reference types="node" />

import * as timers from 'node:timers';

// That of the start: a test may take timers over.
const { setImmediate } = timers;

/**
 * Ends the turn of the event loop. Node writes a request when nothing else is left to do: long work
 * right after a call would hold it back.
 *
 * @param sent what waits for the answer: once it has settled, nothing is held back. Timers that a
 *   test took over before this package was loaded would keep it waiting without end
 */
export function nextTurn(sent: PromiseLike<unknown>): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
    const answered = (): void => resolve();
    sent.then(answered, answered);
  });
}
