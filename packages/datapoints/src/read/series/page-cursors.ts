import type { Identifier } from '@cdf/core';
import { unexpectedPoints } from './check-points.js';

/** Pages without a point that may follow one another. */
const MOST_EMPTY = 100;

/** The cursors of a walk through the pages of a series, which has to end. */
export class PageCursors {
  readonly #sent = new Set<string>();
  #empty = 0;

  /**
   * @param cursor of the next page
   * @param points of the page that leads there
   * @throws {DecodeError} when the walk would go round in circles, or nowhere
   */
  follow(series: Identifier, cursor: string, points: number): void {
    this.#empty = points === 0 ? this.#empty + 1 : 0;
    if (this.#sent.has(cursor))
      throw unexpectedPoints(series, 'nextCursor repeats one that was sent before');
    if (this.#empty > MOST_EMPTY)
      throw unexpectedPoints(series, `${MOST_EMPTY} empty pages followed one another`);
    this.#sent.add(cursor);
  }
}
