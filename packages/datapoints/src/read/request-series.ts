import type { CallOptions, Identifier, Transport } from '@cdf/core';
import { readAnswer } from '../wire/answer.js';
import type { AnswerItem } from '../wire/answer-item.js';
import { AnswerReader } from '../wire/answer-reader.js';
import type { MakePointReader } from '../wire/point-fields.js';

/** The body of `POST /timeseries/data/list`. */
export interface SeriesBody {
  readonly items: readonly object[];
  readonly ignoreUnknownIds?: boolean | undefined;
}

/** One request for points: the series of its answer, decoded as they arrive. @param makeAggregates makes a reader of aggregates, where they are asked for */
export async function requestSeries(
  transport: Transport,
  body: SeriesBody,
  makeAggregates: MakePointReader | undefined,
  options: CallOptions,
): Promise<readonly AnswerItem[]> {
  const answer = await transport.request<unknown>(
    {
      method: 'POST',
      path: '/timeseries/data/list',
      body,
      accept: 'protobuf',
      decoder: () => new AnswerReader(makeAggregates),
      idempotent: true,
    },
    options,
  );
  return readAnswer(answer, makeAggregates);
}

/** Whether that series is the one that was asked for. */
export function isAnswerTo({ id, externalId, instanceId }: Identifier, { info }: AnswerItem): boolean {
  if (id !== undefined) return info.id === id;
  if (externalId !== undefined) return info.externalId === externalId;
  return info.instanceId?.space === instanceId.space && info.instanceId.externalId === instanceId.externalId;
}
