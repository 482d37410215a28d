import type { Exemption } from './overlay.js';

/** The trials of one operation. */
export interface Row {
  readonly operation: string;
  valid: number;
  refused: number;
  readonly exempted: Exemption[];
}

/** The trials of all operations, as a table. */
export class Report {
  readonly #exemptions: readonly Exemption[];
  readonly #rows: Row[] = [];

  constructor(exemptions: readonly Exemption[]) {
    this.#exemptions = exemptions;
  }

  row(operation: string): Row {
    const row: Row = { operation, valid: 0, refused: 0, exempted: [] };
    this.#rows.push(row);
    return row;
  }

  rows(): readonly Row[] {
    return this.#rows;
  }

  /** Exemptions that nothing needs any more. */
  unusedExemptions(): readonly Exemption[] {
    return this.#exemptions.filter(
      (exemption) => !this.#rows.some(({ exempted }) => exempted.includes(exemption)),
    );
  }

  toText(): string {
    const lines = this.#rows.map(({ operation, valid, refused, exempted }) => {
      const why = this.#exemptions
        .map(
          (exemption, index) =>
            [exempted.filter((each) => each === exemption).length, index + 1] as const,
        )
        .filter(([count]) => count > 0)
        .map(([count, number]) => `${count} by (${number})`);
      return line(operation, valid, refused, exempted.length, why.join(', '));
    });
    const reasons = this.#exemptions.map(({ why }, index) => `  (${index + 1}) ${why}`);
    return [line('operation', 'valid', 'refused', 'exempted', 'why'), ...lines, ...reasons].join(
      '\n',
    );
  }
}

function line(
  operation: string,
  ...[valid, refused, exempted, why]: readonly (string | number)[]
): string {
  const columns = [valid, refused, exempted].map((column) => String(column).padStart(9));
  return `${operation.padEnd(48)}${columns.join('')}  ${why}`.trimEnd();
}
