import type { RequestSpec } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { expect } from 'vitest';
import { DatapointsApi } from '../src/index.js';
import { decodeInsertion, type InsertedItem, type InsertedPoint } from './wire-format.js';

/** Collects what is inserted, decoded by a library that the code under test does not use. */
export function sink(fail?: (items: readonly InsertedItem[], call: number) => void): {
  readonly transport: MemoryTransport;
  readonly calls: InsertedItem[][];
  readonly api: DatapointsApi;
} {
  const calls: InsertedItem[][] = [];
  const transport = memoryTransport((spec: RequestSpec) => {
    expect(spec).toMatchObject({ path: '/timeseries/data', contentType: 'application/protobuf', idempotent: true });
    const items = decodeInsertion(spec.body as Uint8Array);
    fail?.(items, calls.length);
    calls.push(items);
    return {};
  });
  return { transport, calls, api: new DatapointsApi(transport) };
}

/** Keeps what is sent as it is. */
export function recording(bodies: unknown[]): MemoryTransport {
  return memoryTransport(({ body }) => {
    bodies.push(body);
    return {};
  });
}

export function pointsOf(item: InsertedItem | undefined): readonly InsertedPoint[] {
  return (item?.numericDatapoints ?? item?.stringDatapoints)?.datapoints ?? [];
}
