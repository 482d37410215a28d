import type { CallOptions, RequestSpec, Transport } from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { commonReading } from '../src/read/reading.js';
import { streamSlices } from '../src/read/stream.js';
import { fakeServer } from './fake-server.js';

const MOST = { raw: 50, aggregates: 20 };

describe('the next batch of a stream in Node', () => {
  it('is requested before the caller works with one, in a loop that awaits nothing else', async () => {
    const points = Array.from({ length: 400 }, (_, index) => ({
      timestamp: index * 1000,
      value: index,
    }));
    const { transport } = fakeServer([{ id: 1, points }], {
      mostRaw: MOST.raw,
      mostAggregates: MOST.aggregates,
    });
    const log: string[] = [];
    // Node writes a request when the script has paused.
    const slow = {
      ...transport,
      async request(spec: RequestSpec, options?: CallOptions) {
        await new Promise<void>((resolve) => process.nextTick(resolve));
        log.push('request');
        return transport.request(spec, options);
      },
    } as Transport;
    const query = { items: [{ id: 1, start: 0, end: 400_000 }] };
    const settings = { most: MOST, pages: 1 };
    const slices = streamSlices(commonReading, slow, query, undefined, {}, settings);
    let count = 0;
    for await (const { series } of slices) {
      count += 1;
      log.push(`slice ${count}`);
      expect(series).toHaveLength(1);
    }
    expect(count).toBeGreaterThan(3);
    // After the first slice, the part that plans requests is loaded.
    for (let slice = 2; slice < count; slice++) {
      const sent = log.slice(0, log.indexOf(`slice ${slice}`)).filter((what) => what === 'request');
      expect(sent.length).toBeGreaterThan(slice);
    }
  });
});
