import type { CallOptions, Transport } from '@cdf/core';
import { readAnswer } from '../wire/answer.js';
import type { AnswerItem } from '../wire/answer-item.js';
import { AnswerReader } from '../wire/answer-reader.js';
import type { MakePointReader } from '../wire/point-fields.js';
import type { PageRoom } from '../wire/points.js';
import type { AnswerBytes } from './answer-bytes.js';

/** The body of `POST /timeseries/data/list`. */
export interface SeriesBody {
  readonly items: readonly object[];
  readonly ignoreUnknownIds?: boolean | undefined;
}

/**
 * One request for points: the series of its answer, decoded as they arrive.
 *
 * @param makeAggregates makes a reader of aggregates, where they are requested
 * @param rooms for raw numbers, in the order of the items
 * @throws {DecodeError} beyond `most`; the rest is not downloaded
 */
export async function requestSeries(
  transport: Transport,
  body: SeriesBody,
  most: AnswerBytes,
  makeAggregates: MakePointReader | undefined,
  rooms: readonly (PageRoom | undefined)[],
  options: CallOptions,
): Promise<readonly AnswerItem[]> {
  // Of several attempts, only the last one has the rooms, and while the request lasts.
  let reader: AnswerReader | undefined;
  const decoder = (): AnswerReader => {
    reader?.close();
    reader = new AnswerReader(makeAggregates, most.numbers, rooms);
    return reader;
  };
  try {
    const answer = await transport.request<unknown>(
      {
        method: 'POST',
        path: '/timeseries/data/list',
        body,
        accept: 'protobuf',
        decoder,
        maxResponseBytes: most.all,
        idempotent: true,
      },
      options,
    );
    return await readAnswer(answer, makeAggregates);
  } finally {
    reader?.close();
  }
}
