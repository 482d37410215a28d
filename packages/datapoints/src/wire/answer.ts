import { loadPart } from '@cdf/core/resource';
import { isPointAggregate } from '../aggregates.js';
import { StatusBuilder } from '../points/sparse.js';
import { type AnswerItem, checkType } from './answer-item.js';
import { AnswerReader, DecodedAnswer } from './answer-reader.js';
import type { CommonDecoding } from './json.js';
import type { MakePointReader } from './point-fields.js';

/** For the reader of JSON. */
export const commonDecoding: CommonDecoding = { checkType, isPointAggregate, StatusBuilder };

/**
 * The series of an answer of `/timeseries/data/list` or `/latest`: from an `AnswerReader`, from
 * whole protobuf or JSON bytes of a transport that collects them, or from parsed JSON, whose reader
 * is loaded when it is needed.
 *
 * @param makeAggregates makes a reader of aggregates, where they were requested
 * @throws {DecodeError} for any other form.
 */
export async function readAnswer(
  answer: unknown,
  makeAggregates?: MakePointReader,
): Promise<readonly AnswerItem[]> {
  if (answer instanceof DecodedAnswer) return answer.items;
  if (answer instanceof Uint8Array) {
    const reader = new AnswerReader(makeAggregates);
    if (answer.length > 0) reader.push(answer);
    return readAnswer(reader.end());
  }
  const { readJsonAnswer } = await loadPart(import('./json.js'));
  return readJsonAnswer(answer, commonDecoding);
}
