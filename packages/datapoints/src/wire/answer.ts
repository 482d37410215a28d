import type { AnswerItem } from './answer-item.js';
import { AnswerReader, DecodedAnswer } from './answer-reader.js';
import { readJsonAnswer } from './json.js';
import type { MakePointReader } from './point-fields.js';

/**
 * The series of an answer of `/timeseries/data/list` or `/latest`: from an `AnswerReader`, from whole protobuf or JSON bytes of a transport that collects
 * them, or from parsed JSON.
 *
 * @param makeAggregates makes a reader of aggregates, where they were asked for
 * @throws {DecodeError} when it is none of them.
 */
export function readAnswer(answer: unknown, makeAggregates?: MakePointReader): readonly AnswerItem[] {
  if (answer instanceof DecodedAnswer) return answer.items;
  if (!(answer instanceof Uint8Array)) return readJsonAnswer(answer);
  const reader = new AnswerReader(makeAggregates);
  if (answer.length > 0) reader.push(answer);
  return reader.end().items;
}
