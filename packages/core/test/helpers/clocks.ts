import { AsyncLocalStorage } from 'node:async_hooks';

export interface Clocks extends Disposable {
  /**
   * Does something by a clock that is that much ahead, and all that comes of it: a server that
   * starts there lives by it.
   */
  run<T>(aheadMs: number, work: () => T): T;
}

/**
 * Lets parts of this process have clocks of their own, until it is disposed of. Only `Date` tells
 * their time.
 */
export function startClocks(): Clocks {
  const RealDate = globalThis.Date;
  const ahead = new AsyncLocalStorage<number>();
  const now = (): number => RealDate.now() + (ahead.getStore() ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (Target, parts) =>
      parts.length === 0 ? new Target(now()) : Reflect.construct(Target, parts),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  return {
    run: (aheadMs, work) => ahead.run(aheadMs, work),
    [Symbol.dispose]() {
      globalThis.Date = RealDate;
    },
  };
}
