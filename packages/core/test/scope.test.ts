import { describe, expect, it } from 'vitest';
import { onAbort, openScope, untilAborted } from '../src/async/scope.js';

describe('a scope', () => {
  it('follows any of its parents with their own reason, also one that is over', () => {
    const parent = new AbortController();
    const scope = openScope([undefined, parent.signal]);
    parent.abort('why');
    expect(scope.signal.reason).toBe('why');
    expect(openScope([AbortSignal.abort('before')]).signal.reason).toBe('before');
  });

  it('no longer follows after its end', () => {
    const parent = new AbortController();
    const scope = openScope([parent.signal], 1_000_000);
    scope.end();
    parent.abort('why');
    expect(scope.signal.aborted).toBe(false);
  });

  it('costs its parent one listener however many there are', () => {
    const parent = new AbortController();
    let listeners = 0;
    parent.signal.addEventListener = () => void listeners++;
    for (let index = 0; index < 100; index++) openScope([parent.signal]);
    expect(listeners).toBe(1);
  });
});

describe('following a signal', () => {
  it('leaves no listener behind, and may begin anew', () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...values: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, values);
    };
    signal.removeEventListener = (...values: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, values);
    };
    const first = onAbort(signal, () => {});
    const second = onAbort(signal, () => {});
    first();
    expect(listeners).toBe(1);
    second();
    second();
    expect(listeners).toBe(0);
    const third = onAbort(signal, () => {});
    second();
    expect(listeners).toBe(1);
    third();
    expect(listeners).toBe(0);
  });

  it('calls back each that still follows, and once', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push('one'));
    const stop = onAbort(controller.signal, () => called.push('two'));
    onAbort(controller.signal, () => called.push('three'));
    stop();
    controller.abort();
    controller.abort();
    expect(called).toEqual(['one', 'three']);
  });

  it('gives up on work that does not listen, and hands over what comes too late', async () => {
    const controller = new AbortController();
    let finish: (value: string) => void = () => {};
    const late: string[] = [];
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const waiting = untilAborted(work, controller.signal, (value) => late.push(value));
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    finish('result');
    await work;
    expect(late).toEqual(['result']);
  });
});
