import type { RequestSpec } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import type { WireItem } from './fake-server.js';
import { encodeListResponse } from './wire-format.js';

export const FORMATS = ['json', 'protobuf'] as const;
export type Format = (typeof FORMATS)[number];

/** A series of an answer, as a server says it: true or not. */
export interface Said {
  readonly points?: readonly object[];
  /** The name of the points in protobuf. @default as `isString` says */
  readonly kind?: 'numericDatapoints' | 'stringDatapoints' | 'aggregateDatapoints';
  readonly id?: number | undefined;
  readonly externalId?: string;
  readonly isString?: boolean;
  readonly isStep?: boolean;
  readonly nextCursor?: string;
  readonly [field: string]: unknown;
}

export const SERIES = { id: 1, isString: false, isStep: false } as const;

/** Points of these times, with a value each. */
export const at = (...times: readonly number[]): object[] =>
  times.map((timestamp) => ({ timestamp, value: 1 }));

export function encode(format: Format, items: readonly Said[]): unknown {
  if (format === 'json')
    return {
      items: items.map(({ points, kind: _, ...rest }) => ({ ...rest, datapoints: points ?? [] })),
    };
  return encodeListResponse(
    items.map(({ points, kind, ...rest }) => {
      const field = kind ?? (rest.isString === true ? 'stringDatapoints' : 'numericDatapoints');
      return points === undefined ? rest : { ...rest, [field]: { datapoints: points } };
    }),
  );
}

export interface Saying {
  readonly api: DatapointsApi;
  readonly transport: MemoryTransport;
}

/**
 * A server that answers as it likes: page after page of any series, as the cursors lead; or an
 * answer made from the requested items. One request at a time, so that all items share one where
 * they can.
 */
export function saying(
  format: Format,
  pages: readonly Said[][] | ((items: readonly WireItem[], request: number) => readonly Said[]),
): Saying {
  let requests = 0;
  const transport = memoryTransport(
    (spec: RequestSpec) => {
      const { items } = spec.body as { items: WireItem[] };
      const request = requests++;
      const pageOf = ({ cursor }: WireItem): readonly Said[] => {
        const before = (pages as Said[][]).findIndex(
          ([said]) => cursor !== undefined && said?.nextCursor === cursor,
        );
        return (pages as Said[][])[before + 1] ?? [];
      };
      return encode(
        format,
        typeof pages === 'function' ? pages(items, request) : items.flatMap(pageOf),
      );
    },
    { limits: { read: 1, write: 1 } },
  );
  return { api: new DatapointsApi(transport), transport };
}
