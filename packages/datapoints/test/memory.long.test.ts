import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pointServer } from './memory/point-server.js';
import type { StreamReport } from './memory/read-stream.js';
import { rounds } from './rounds.js';

const POINTS = rounds(4_000_000, 50_000_000);
const MEGABYTE = 1_000_000;
const SCRIPT = fileURLToPath(new URL('memory/read-stream.ts', import.meta.url));

/** Streams in a process of its own, so that nothing else is in its memory. */
async function stream(series: number): Promise<StreamReport> {
  const server = pointServer(POINTS / series).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const flags = ['--conditions=@cdf/source', '--import', 'tsx'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...flags,
      SCRIPT,
      url,
      String(series),
    ]);
    return JSON.parse(stdout) as StreamReport;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the memory of stream', () => {
  it.each([1, 20])('stays below 200 MB of heap and buffers: %i series', async (series) => {
    const report = await stream(series);
    const inMegabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;
    console.log(
      `stream: ${report.points} points of ${series} series, heap and buffers ${inMegabytes(report.before)} before, ${inMegabytes(report.peak)} at most`,
    );
    const each = POINTS / series;
    expect(report).toMatchObject({
      points: POINTS,
      isOrdered: true,
      sum: (series * each * (each - 1)) / 2,
    });
    expect(report.peak).toBeLessThan(200 * MEGABYTE);
  });
});
