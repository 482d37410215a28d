import { badRequest } from '../errors.js';
import type { Columns } from '../storage/columns.js';
import { BAD, categoryOf, statusProblem } from './status.js';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from './times.js';

const MAX_STRING_BYTES = 1023;
const MAX_VALUE = 1e100;

/** Collects points as they come in a request, checks each, and gives them as columns. */
export class ColumnBuilder {
  readonly isString: boolean;
  #timestamps: Float64Array;
  #numbers: Float64Array;
  readonly #texts: string[] = [];
  #statuses: Uint32Array | undefined;
  #nulls: Uint8Array | undefined;
  #size = 0;
  #ordered = true;

  /** `capacity` is how many points are expected; there may be more. */
  constructor(isString: boolean, capacity = 16) {
    this.isString = isString;
    this.#timestamps = new Float64Array(capacity);
    this.#numbers = new Float64Array(isString ? 0 : capacity);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds one point; `value` is absent only for a null value. Refuses points that the API refuses.
   */
  add(timestamp: number, value: number | string | undefined, status: number): void {
    const index = this.#size;
    if (index === this.#timestamps.length) this.#grow();
    if (
      !(timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) ||
      !Number.isInteger(timestamp)
    ) {
      throw badRequest(
        `timestamp must be a whole number of milliseconds between ${MIN_TIMESTAMP} and ${MAX_TIMESTAMP}`,
      );
    }
    if (status !== 0) {
      const problem = statusProblem(status);
      if (problem !== undefined) throw badRequest(problem);
      this.#statuses ??= new Uint32Array(this.#timestamps.length);
      this.#statuses[index] = status;
    }
    if (
      value === undefined ||
      (typeof value === 'number' && !(value > -MAX_VALUE && value < MAX_VALUE))
    ) {
      this.#checkBad(value, status);
    }
    if (value === undefined) {
      this.#nulls ??= new Uint8Array(this.#timestamps.length);
      this.#nulls[index] = 1;
    }
    if (this.isString) this.#texts.push(this.#checkedText(value));
    else this.#numbers[index] = this.#checkedNumber(value);
    if (index > 0 && timestamp <= (this.#timestamps[index - 1] as number)) this.#ordered = false;
    this.#timestamps[index] = timestamp;
    this.#size = index + 1;
  }

  /** The points in ascending order; of those with the same timestamp the one given last stays. */
  finish(): Columns {
    const size = this.#size;
    const columns: Columns = {
      timestamps: this.#timestamps.subarray(0, size),
      values: this.isString ? this.#texts : this.#numbers.subarray(0, size),
      statuses: this.#statuses?.subarray(0, size),
      nulls: this.#nulls?.subarray(0, size),
    };
    return this.#ordered ? columns : ordered(columns);
  }

  #checkBad(value: number | string | undefined, status: number): void {
    if (categoryOf(status) === BAD) return;
    if (value === undefined) throw badRequest('value is required unless the status is bad');
    throw badRequest(
      'Numeric values must lie between -1e100 and 1e100, both excluded, unless the status is bad',
    );
  }

  #checkedNumber(value: number | string | undefined): number {
    if (value === undefined) return Number.NaN;
    if (typeof value !== 'number')
      throw badRequest('Expected a numeric value: the time series is numeric');
    return value;
  }

  #checkedText(value: number | string | undefined): string {
    if (value === undefined) return '';
    if (typeof value !== 'string')
      throw badRequest('Expected a string value: the time series is a string series');
    if (value.length * 3 > MAX_STRING_BYTES && Buffer.byteLength(value) > MAX_STRING_BYTES) {
      throw badRequest(`String values must be at most ${MAX_STRING_BYTES} bytes`);
    }
    return value;
  }

  #grow(): void {
    const capacity = this.#timestamps.length * 2;
    const grown = <T extends Float64Array | Uint32Array | Uint8Array>(next: T, present: T): T => {
      next.set(present);
      return next;
    };
    this.#timestamps = grown(new Float64Array(capacity), this.#timestamps);
    if (!this.isString) this.#numbers = grown(new Float64Array(capacity), this.#numbers);
    if (this.#statuses !== undefined)
      this.#statuses = grown(new Uint32Array(capacity), this.#statuses);
    if (this.#nulls !== undefined) this.#nulls = grown(new Uint8Array(capacity), this.#nulls);
  }
}

function ordered({ timestamps, values, statuses, nulls }: Columns): Columns {
  const order = Array.from(timestamps.keys()).sort(
    (a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b,
  );
  const last = order.filter(
    (index, place) => timestamps[index] !== timestamps[order[place + 1] ?? -1],
  );
  return {
    timestamps: Float64Array.from(last, (index) => timestamps[index] as number),
    values:
      values instanceof Float64Array
        ? Float64Array.from(last, (index) => values[index] as number)
        : last.map((index) => values[index] as string),
    statuses: statuses && Uint32Array.from(last, (index) => statuses[index] as number),
    nulls: nulls && Uint8Array.from(last, (index) => nulls[index] as number),
  };
}
