import { DecodeError } from '@cdf/core';

/** What is wrong with an answer. The server may have acted on the request. */
export function unexpectedAnswer(label: string, what: string): DecodeError {
  return new DecodeError(`${label}: unexpected answer: ${what}`, { delivery: 'unknown' });
}
