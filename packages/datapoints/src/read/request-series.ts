import type { CallOptions, Transport } from '@cdf/core';
import { readAnswer } from '../wire/answer.js';
import type { AnswerItem } from '../wire/answer-item.js';
import { AnswerReader } from '../wire/answer-reader.js';
import type { MakePointReader } from '../wire/point-fields.js';
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
 * @throws {DecodeError} beyond `most`; the rest is not downloaded
 */
export async function requestSeries(
  transport: Transport,
  body: SeriesBody,
  most: AnswerBytes,
  makeAggregates: MakePointReader | undefined,
  options: CallOptions,
): Promise<readonly AnswerItem[]> {
  const answer = await transport.request<unknown>(
    {
      method: 'POST',
      path: '/timeseries/data/list',
      body,
      accept: 'protobuf',
      decoder: () => new AnswerReader(makeAggregates, most.numbers),
      maxResponseBytes: most.all,
      idempotent: true,
    },
    options,
  );
  return readAnswer(answer, makeAggregates);
}
