/**
 * Node's `setImmediate`, which tests wait by, for a page: a task of its own, without the delay of
 * timers.
 */
export function setImmediate(work: (value: undefined) => void): void {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => {
    port1.close();
    work(undefined);
  };
  port1.postMessage(undefined);
}
