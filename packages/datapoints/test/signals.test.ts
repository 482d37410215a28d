import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a signal that lives on', () => {
  it('keeps nothing of the calls that it was given to', async () => {
    const stopping = new AbortController();
    const seen: WeakRef<AbortSignal>[] = [];
    const series = {
      id: 1,
      isString: false,
      isStep: false,
      datapoints: [{ timestamp: 1, value: 1 }],
    };
    const memory = memoryTransport({
      'POST /timeseries/data/list': () => ({ items: [series] }),
      'POST /timeseries/data/latest': () => ({ items: [series] }),
      'POST /timeseries/data': () => ({}),
    });
    const transport = new Proxy(memory, {
      get(target, name) {
        if (name !== 'request') return Reflect.get(target, name) as unknown;
        return (...[spec, options]: Parameters<typeof memory.request>) => {
          if (options?.signal !== undefined) seen.push(new WeakRef(options.signal));
          // As a transport does that watches for an abort.
          options?.signal?.addEventListener('abort', () => {});
          return target.request(spec, options);
        };
      },
    });
    const datapoints = new DatapointsApi(transport);
    const { signal } = stopping;
    for (let call = 0; call < 50; call++) {
      await datapoints.retrieve({ id: 1, start: 0, end: 100 }, { signal });
      await datapoints.retrieveLatest({ id: 1 }, { signal });
      await datapoints.insert({ id: 1 }, [{ timestamp: 1, value: 1 }], { signal });
      for await (const _ of datapoints.stream({ id: 1, start: 0, end: 100 }, { signal })) void _;
    }
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    expect(seen.length).toBeGreaterThanOrEqual(200);
    const alive = seen.filter((each) => each.deref() !== undefined && each.deref() !== signal);
    expect(alive.length).toBeLessThan(10);
  });
});
