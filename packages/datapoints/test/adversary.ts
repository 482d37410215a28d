import type { RequestSpec } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import type { WireItem } from './fake-server.js';
import { encodeListResponse } from './wire-format.js';

export const STEP = 1000;

export interface Adversary {
  readonly transport: MemoryTransport;
  requestCount(): number;
  /** How many points each series has turned out to have. */
  points(): readonly number[];
}

export interface AdversarySettings {
  readonly series: number;
  /** Length of the requested time, in steps: a series has a point at each until it ends. */
  readonly steps: number;
  /** Request by request, in turns: the share of its series that go on; the others end there. */
  readonly shares: readonly number[];
  /** Points that a series that ends still gives, if so many were requested. */
  readonly last: number;
  /** Lets answers overtake each other. */
  readonly turn: () => number;
}

type Item = WireItem & { readonly id: number };

/**
 * A server that decides how long its series are when it is asked, so that as many requests as it
 * likes are in vain. Its answers about a series stay true: up to one step it has points, and from
 * another on it has no points.
 */
export function adversary({ series, steps, shares, last, turn }: AdversarySettings): Adversary {
  const known = Array.from({ length: series + 1 }, () => ({ there: 0, none: steps }));
  let requests = 0;
  const answer = ({ id, start, end, limit, cursor }: Item, goesOn: boolean): object => {
    const state = known[id] as { there: number; none: number };
    const from = Math.ceil(Number(cursor ?? start) / STEP);
    const to = Math.ceil(end / STEP);
    const wanted = Math.min(from + limit, to);
    if (goesOn)
      state.there = Math.max(state.there, Math.min(wanted + (wanted < to ? 1 : 0), state.none));
    else
      state.there = Math.max(state.there, Math.min(from + Math.min(last, limit), state.none, to));
    if (!goesOn) state.none = Math.min(state.none, Math.max(state.there, from));
    const until = Math.max(from, Math.min(wanted, state.there));
    const points = Array.from({ length: until - from }, (_, index) => ({
      timestamp: (from + index) * STEP,
      value: 1,
    }));
    // There may be more: the next page is decided when it is requested.
    const hasMore =
      until < Math.min(to, state.there) || (goesOn && until < to && state.there > until);
    return {
      ...{ id, isString: false, isStep: false, type: 1, numericDatapoints: { datapoints: points } },
      nextCursor: hasMore ? String(until * STEP) : undefined,
    };
  };
  const transport = memoryTransport(
    async (spec: RequestSpec) => {
      const { items } = JSON.parse(JSON.stringify(spec.body)) as { items: Item[] };
      const share = shares[requests++ % shares.length] as number;
      const going = Math.round(items.length * share);
      const answered = items.map((item, index) => answer(item, index < going));
      for (let wait = turn(); wait > 0; wait--)
        await new Promise((resolve) => setImmediate(resolve));
      return encodeListResponse(answered as never);
    },
    { limits: { read: 10, write: 1 } },
  );
  return {
    transport,
    requestCount: () => requests,
    points: () => known.slice(1).map(({ there }) => there),
  };
}
