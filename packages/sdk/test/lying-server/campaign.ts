import type { Lie } from '../../../../tooling/lying-server/server.js';
import type { Operation } from './operations.js';
import { isSilent, type Lane, play } from './round.js';
import { type Untellable, untellable } from './untellable.js';

/** Enough to see the fault. */
const MOST_VIOLATIONS = 100;
/** Rounds of silence at the same time. */
const MOST_SILENT = 40;
/** Rounds that a lie gets which is declared to be never told. */
const IN_VAIN = 20;
/** Rounds for each time that a cell has to be told. */
const PATIENCE = 10;

/** An operation and a lie that may be told of it. */
export interface Cell {
  readonly operation: Operation;
  readonly lie: Lie;
  /** The declaration that the lie is not told of the operation. */
  readonly never: Untellable | undefined;
  told: number;
  rounds: number;
}

/** A lane for reads, and one for writes. */
export interface Pair {
  readonly library: Lane;
  readonly workshop: Lane;
}

/** How much is played. */
export interface Goal {
  /** Lies that have to reach the client, in all and of each cell. */
  readonly lies: number;
  readonly ofEachCell: number;
  readonly seed: number;
  random(): number;
}

export function toCell(operation: Operation, lie: Lie): Cell {
  return { operation, lie, never: untellable(operation.name, lie.name), told: 0, rounds: 0 };
}

/** Plays cells until enough lies were told. */
export class Campaign {
  readonly violations: string[] = [];
  told = 0;
  readonly #cells: readonly Cell[];
  readonly #goal: Goal;
  #rounds = 0;
  #open: Cell[] = [];

  /** @param cells in the order in which they are played */
  constructor(cells: readonly Cell[], goal: Goal) {
    this.#cells = cells;
    this.#goal = goal;
  }

  /**
   * @param pairs play at the same time
   * @param open more of them, for lies that are silence: they cost time, and nothing else
   */
  async run(pairs: readonly Pair[], open: () => Promise<Pair>): Promise<void> {
    const silent = new Set<Promise<void>>();
    const free: Pair[] = [];
    const lane = async (pair: Pair): Promise<void> => {
      for (let cell = this.#next(); cell !== undefined; cell = this.#next()) {
        if (!isSilent(cell.lie)) {
          await this.#play(cell, pair);
          continue;
        }
        while (free.length === 0 && silent.size >= MOST_SILENT) await Promise.race(silent);
        const other = free.pop() ?? (await open());
        const work = this.#play(cell, other).finally(() => {
          free.push(other);
          silent.delete(work);
        });
        silent.add(work);
      }
    };
    await Promise.all(pairs.map(lane));
    await Promise.all(silent);
  }

  /** The cells that were told less often than they have to be. */
  get short(): readonly Cell[] {
    return this.#cells.filter(
      ({ told, never }) => never === undefined && told < this.#goal.ofEachCell,
    );
  }

  #next(): Cell | undefined {
    if (this.violations.length >= MOST_VIOLATIONS) return undefined;
    for (;;) {
      if (this.#open.length === 0)
        this.#open = this.#cells.filter((cell) => this.#isWanted(cell)).reverse();
      const cell = this.#open.pop();
      if (cell === undefined || this.#isWanted(cell)) return cell;
    }
  }

  /** Tells whether a cell is to be played once more: for itself, or for the lies in all. */
  #isWanted(cell: Cell): boolean {
    return !this.#isDone(cell) || (this.told < this.#goal.lies && cell.never === undefined);
  }

  #isDone({ told, rounds, never }: Cell): boolean {
    const { ofEachCell } = this.#goal;
    if (ofEachCell === 0) return true;
    if (never !== undefined && !(never.isByChance === true && told > 0))
      return told > 0 || rounds >= IN_VAIN;
    return told >= ofEachCell || rounds >= PATIENCE * ofEachCell;
  }

  async #play(cell: Cell, { library, workshop }: Pair): Promise<void> {
    this.#rounds += 1;
    cell.rounds += 1;
    const { operation, lie, never } = cell;
    const { seed, random } = this.#goal;
    const round = {
      ...{ operation, lie, times: random() < 0.6 ? 1 : Infinity, withhold: random() < 0.5 },
      key: `${seed}-${this.#rounds}`,
    };
    const { told, violation } = await play(
      operation.write === undefined ? library : workshop,
      round,
    );
    cell.told += Math.min(1, told);
    this.told += Math.min(1, told);
    const where = `${operation.name} | ${lie.name} | ${round.times === 1 ? 'once' : 'always'}`;
    if (violation !== undefined) this.violations.push(`${where}: ${violation}`);
    if (never !== undefined && never.isByChance !== true && told > 0)
      this.violations.push(`${where}: told, but declared never to be: ${never.reason}`);
  }
}
