import type { DecodeError } from '../errors.js';
import { unexpected } from './answers.js';

/** Pages without an item that may follow one another. */
const MOST_EMPTY = 100;

/** The cursors of one walk, which has to end. */
export class Cursors {
  readonly #label: string;
  readonly #sent = new Set<string>();
  #empty = 0;

  /** @param label the request, for messages */
  constructor(label: string) {
    this.#label = label;
  }

  /**
   * The cursor to send next.
   *
   * @param items of the page that gave it
   * @throws {DecodeError} when the walk would go round in circles, or nowhere.
   */
  next(cursor: string, items: number): string {
    this.#empty = items === 0 ? this.#empty + 1 : 0;
    if (this.#sent.has(cursor)) throw this.#endless('nextCursor repeats an earlier one');
    if (this.#empty > MOST_EMPTY) throw this.#endless(`${MOST_EMPTY} empty pages in a row`);
    this.#sent.add(cursor);
    return cursor;
  }

  #endless(what: string): DecodeError {
    return unexpected(this.#label, what);
  }
}
