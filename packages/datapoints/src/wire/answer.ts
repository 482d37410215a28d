import { loadPart } from '@cdf/core/resource';
import type { AnswerItem } from './answer-item.js';
import { AnswerReader, DecodedAnswer } from './answer-reader.js';
import type { MakePointReader } from './point-fields.js';

/**
 * The series of an answer of `/timeseries/data/list` or `/latest`: from an `AnswerReader`, from whole protobuf or JSON bytes of a transport that collects
 * them, or from parsed JSON.
 *
 * @param makeAggregates makes a reader of aggregates, where they were asked for
 * @throws {DecodeError} when it is none of them.
 */
export async function readAnswer(answer: unknown, makeAggregates?: MakePointReader): Promise<readonly AnswerItem[]> {
  const decoded = answer instanceof Uint8Array ? decode(answer, makeAggregates) : answer;
  if (decoded instanceof DecodedAnswer) return decoded.items;
  // Only the latest points come as JSON, and what a proxy has rewritten.
  const { readJsonAnswer } = await loadPart(import('./json.js'));
  return readJsonAnswer(decoded);
}

function decode(bytes: Uint8Array, makeAggregates: MakePointReader | undefined): unknown {
  const reader = new AnswerReader(makeAggregates);
  if (bytes.length > 0) reader.push(bytes);
  return reader.end();
}
