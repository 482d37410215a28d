import {
  appendColumns,
  type Columns,
  decodeColumns,
  encodeColumns,
  lowerBound,
  mergeColumns,
  type Stretch,
  sliceColumns,
  viewColumns,
} from './columns.js';
import type { Statement, Store } from './database.js';

/** The most points that one block holds. */
const BLOCK_POINTS = 4096;
/** How many points are kept decoded. @unit points */
const CACHED_POINTS = 16_000_000;

/** The place and the time span of a block. */
interface Block {
  readonly seq: number;
  readonly first: number;
  readonly last: number;
  readonly size: number;
  columns: Columns | undefined;
}

/**
 * The data points of all series, in blocks of columns (see {@link encodeColumns}) rather than a row
 * per point. Blocks of a series do not overlap. Writes must run inside {@link Store.transaction}.
 */
export class PointStore {
  readonly #store: Store;
  readonly #select: Statement;
  readonly #selectData: Statement;
  readonly #insert: Statement;
  readonly #delete: Statement;
  readonly #series = new Map<number, readonly Block[]>();
  /** Decoded blocks, in the order in which they were decoded. */
  readonly #cached = new Set<Block>();
  #cachedPoints = 0;

  constructor(store: Store) {
    this.#store = store;
    const { connection } = store;
    this.#select = connection
      .prepare('SELECT seq, first, last, size FROM block WHERE series = ? ORDER BY first')
      .raw();
    this.#selectData = connection.prepare('SELECT data FROM block WHERE seq = ?').raw();
    this.#insert = connection.prepare(
      'INSERT INTO block (series, first, last, size, data) VALUES (?, ?, ?, ?, ?)',
    );
    this.#delete = connection.prepare('DELETE FROM block WHERE seq = ?');
  }

  /** Stores points; where a timestamp is taken, the new value and status replace the old ones. */
  insert(series: number, points: Columns): void {
    const blocks = this.#blocksOf(series);
    const result: Block[] = [];
    let taken = 0;
    let at = Math.max(0, blockAt(blocks, points.timestamps[0] as number));
    const untouched = at;
    const { timestamps } = points;
    while (taken < timestamps.length) {
      const block = blocks[at];
      const nextFirst = blocks[at + 1]?.first ?? Number.POSITIVE_INFINITY;
      // Points before the first block belong to it as well: it is the one they would be read next
      // to.
      const end =
        nextFirst === Number.POSITIVE_INFINITY
          ? timestamps.length
          : lowerBound(timestamps, nextFirst);
      if (block !== undefined && end === taken) {
        result.push(block);
      } else {
        this.#put(
          series,
          block,
          taken === 0 && end === timestamps.length ? points : sliceColumns(points, taken, end),
          result,
        );
        taken = end;
      }
      at += 1;
    }
    this.#replaceIndex(series, [...blocks.slice(0, untouched), ...result, ...blocks.slice(at)]);
    this.#compactTail(series);
  }

  /** Removes the points from `begin` up to `end`; gives how many there were. */
  deleteRange(series: number, begin: number, end: number): number {
    const blocks = this.#blocksOf(series);
    const kept: Block[] = [];
    let removed = 0;
    for (const block of blocks) {
      if (block.last < begin || block.first >= end) {
        kept.push(block);
        continue;
      }
      const columns = this.#columns(block);
      const [from, to] = [
        lowerBound(columns.timestamps, begin),
        lowerBound(columns.timestamps, end),
      ];
      if (from === to) {
        kept.push(block);
        continue;
      }
      removed += to - from;
      this.#drop(block);
      const rest = appendColumns(
        sliceColumns(columns, 0, from),
        sliceColumns(columns, to, block.size),
      );
      if (rest.timestamps.length > 0) kept.push(this.#add(series, rest));
    }
    if (removed > 0) this.#replaceIndex(series, kept);
    return removed;
  }

  removeSeries(series: number): void {
    for (const block of this.#blocksOf(series)) this.#drop(block);
    this.#replaceIndex(series, []);
  }

  /** The points from `start` up to `end`, block by block, nothing copied. */
  *read(series: number, start: number, end: number): Generator<Stretch> {
    const blocks = this.#blocksOf(series);
    for (let at = Math.max(0, blockAt(blocks, start)); at < blocks.length; at += 1) {
      const block = blocks[at] as Block;
      if (block.first >= end) return;
      if (block.last < start) continue;
      const columns = this.#columns(block);
      const from = block.first >= start ? 0 : lowerBound(columns.timestamps, start);
      const to = block.last < end ? block.size : lowerBound(columns.timestamps, end);
      if (from < to) yield { columns, from, to };
    }
  }

  /** The points before `end`, newest block first, for looking back without a limit. */
  *readBackwards(series: number, end: number): Generator<Stretch> {
    const blocks = this.#blocksOf(series);
    for (let at = blockAt(blocks, end); at >= 0; at -= 1) {
      const block = blocks[at] as Block;
      if (block.first >= end) continue;
      const columns = this.#columns(block);
      const to = block.last < end ? block.size : lowerBound(columns.timestamps, end);
      if (to > 0) yield { columns, from: 0, to };
    }
  }

  count(series: number): number {
    return this.#blocksOf(series).reduce((sum, { size }) => sum + size, 0);
  }

  /** Forgets the state in memory, after the database was replaced as a whole. */
  reload(): void {
    this.#series.clear();
    this.#cached.clear();
    this.#cachedPoints = 0;
  }

  #put(series: number, block: Block | undefined, points: Columns, result: Block[]): void {
    const begin = points.timestamps[0] as number;
    if (block === undefined || block.last < begin) {
      if (block !== undefined) result.push(block);
      this.#addPieces(series, points, result);
      return;
    }
    const merged = mergeColumns(this.#columns(block), points);
    this.#drop(block);
    this.#addPieces(series, merged, result);
  }

  #addPieces(series: number, points: Columns, result: Block[]): void {
    const size = points.timestamps.length;
    for (let from = 0; from < size; from += BLOCK_POINTS) {
      const whole = from === 0 && size <= BLOCK_POINTS;
      result.push(
        this.#add(
          series,
          whole ? points : viewColumns(points, from, Math.min(size, from + BLOCK_POINTS)),
        ),
      );
    }
  }

  /**
   * Joins small blocks at the end, each time only those that are less than twice what follows them:
   * appending point by point rewrites each point a few times in all, not once per append.
   */
  #compactTail(series: number): void {
    const blocks = this.#blocksOf(series);
    let size = blocks.at(-1)?.size ?? 0;
    let from = blocks.length - 1;
    while (from > 0) {
      const before = (blocks[from - 1] as Block).size;
      if (before >= 2 * size || before + size > BLOCK_POINTS) break;
      size += before;
      from -= 1;
    }
    const tail = blocks.slice(from);
    if (tail.length < 2) return;
    const joined = tail.map((block) => this.#columns(block)).reduce(appendColumns);
    for (const block of tail) this.#drop(block);
    this.#replaceIndex(series, [...blocks.slice(0, from), this.#add(series, joined)]);
  }

  #add(series: number, columns: Columns): Block {
    const { timestamps } = columns;
    const size = timestamps.length;
    const [first, last] = [timestamps[0] as number, timestamps[size - 1] as number];
    const { lastInsertRowid } = this.#insert.run(series, first, last, size, encodeColumns(columns));
    const block: Block = { seq: Number(lastInsertRowid), first, last, size, columns };
    this.#remember(block);
    return block;
  }

  #drop(block: Block): void {
    this.#delete.run(block.seq);
    if (this.#cached.delete(block)) this.#cachedPoints -= block.size;
  }

  #columns(block: Block): Columns {
    if (block.columns === undefined) {
      const row = this.#selectData.get(block.seq) as [Buffer];
      block.columns = decodeColumns(row[0]);
      this.#remember(block);
    }
    return block.columns;
  }

  #remember(block: Block): void {
    this.#cached.add(block);
    this.#cachedPoints += block.size;
    for (const oldest of this.#cached) {
      if (this.#cachedPoints <= CACHED_POINTS || oldest === block) return;
      this.#cached.delete(oldest);
      this.#cachedPoints -= oldest.size;
      oldest.columns = undefined;
    }
  }

  #blocksOf(series: number): readonly Block[] {
    let blocks = this.#series.get(series);
    if (blocks === undefined) {
      const rows = this.#select.all(series) as Array<[number, number, number, number]>;
      blocks = rows.map(([seq, first, last, size]) => ({
        seq,
        first,
        last,
        size,
        columns: undefined,
      }));
      this.#series.set(series, blocks);
    }
    return blocks;
  }

  #replaceIndex(series: number, blocks: readonly Block[]): void {
    const before = this.#series.get(series);
    this.#series.set(series, blocks);
    this.#store.onRollback(() => {
      if (before === undefined) this.#series.delete(series);
      else this.#series.set(series, before);
    });
  }
}

/** The index of the last block that begins at or before `time`; -1 when no block does. */
function blockAt(blocks: readonly Block[], time: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Block).first <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
