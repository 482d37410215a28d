import type { AnswerItem } from './answer-item.js';
import { AnswerReader, DecodedAnswer } from './answer-reader.js';
import { readJsonAnswer } from './json.js';
import type { DatapointsPart } from './part.js';

/**
 * The series of an answer of `/timeseries/data/list` or `/latest`: what an `AnswerReader` made of it, whole protobuf or JSON bytes of a transport that collects
 * them, or JSON that has been parsed.
 *
 * @param aggregates what reads them, where they were asked for
 * @throws {DecodeError} when it is none of them.
 */
export function readAnswer(answer: unknown, aggregates?: DatapointsPart): readonly AnswerItem[] {
  if (answer instanceof DecodedAnswer) return answer.items;
  if (!(answer instanceof Uint8Array)) return readJsonAnswer(answer);
  const reader = new AnswerReader(aggregates);
  if (answer.length > 0) reader.push(answer);
  return reader.end().items;
}
