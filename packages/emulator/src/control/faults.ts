import { checkFault } from '../check-options.js';
import type { Fault } from './fault.js';
import { random } from './random.js';

/** A fault that was added, with how often it struck. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  readonly matched: number;
  readonly struck: number;
  /** True if it can strike again. */
  readonly spent: boolean;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  readonly matches: (method: string, path: string) => boolean;
  readonly draw: () => number;
  matched: number;
  struck: number;
}

/** The faults of an emulator; the first one that matches and is due strikes. */
export class Faults {
  #entries: Entry[] = [];
  #nextId = 1;

  /** Adds a fault and returns its id. @throws {EmulatorError} for an unknown member. */
  add(fault: Fault): number {
    checkFault(fault);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#entries.push({
      id,
      fault,
      matches: matcher(fault),
      draw: random(fault.seed ?? 1),
      matched: 0,
      struck: 0,
    });
    return id;
  }

  remove(id: number): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  clear(): void {
    this.#entries = [];
  }

  all(): readonly ActiveFault[] {
    return this.#entries.map((entry) => ({
      id: entry.id,
      fault: entry.fault,
      matched: entry.matched,
      struck: entry.struck,
      spent: entry.struck >= countOf(entry.fault),
    }));
  }

  /** @internal */
  strike(
    method: string,
    path: string,
  ): { id: number; fault: Fault; draw: () => number } | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (entry.struck >= countOf(fault) || !entry.matches(method, path)) continue;
      entry.matched += 1;
      if (entry.matched <= (fault.skip ?? 0)) continue;
      if (fault.probability !== undefined && entry.draw() >= fault.probability) continue;
      entry.struck += 1;
      return { id: entry.id, fault, draw: entry.draw };
    }
    return undefined;
  }
}

function countOf(fault: Fault): number {
  return fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
}

function matcher(fault: Fault): (method: string, path: string) => boolean {
  const { path } = fault;
  const method = fault.method?.toUpperCase();
  const pattern =
    typeof path === 'string'
      ? new RegExp(`^${path.split('*').map(escapePattern).join('.*')}$`)
      : path;
  return (actual, actualPath) =>
    (method === undefined || method === actual) &&
    (pattern === undefined || pattern.test(actualPath));
}

function escapePattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
