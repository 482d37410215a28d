import { checkFault } from '../check-fault.js';
import type { Fault } from './fault.js';
import { random } from './random.js';

/** A fault that was added, and how often it struck: a fault with 0 tested nothing. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  /** How many requests matched `method` and `path`, before it was spent. */
  readonly matched: number;
  /** How many requests it struck. */
  readonly struck: number;
  /** True if it cannot strike again. */
  readonly spent: boolean;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  readonly matches: (method: string, path: string, pathname: string) => boolean;
  readonly draw: () => number;
  matched: number;
  struck: number;
}

/** The faults of an emulator; the first one that matches and is due strikes. */
export class Faults {
  #entries: Entry[] = [];
  #nextId = 1;

  /**
   * Adds a fault and returns its id.
   *
   * @throws {EmulatorError} for unknown members, and for a fault that would never strike or has no
   * effect
   */
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

  /** Every fault that was added, with how often it matched and struck. */
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
    pathname: string,
  ): { id: number; fault: Fault; draw: () => number } | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (entry.struck >= countOf(fault) || !entry.matches(method, path, pathname)) continue;
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

/**
 * Whether a request matches. A path that names a project is compared with the whole path of the
 * request, others with the path inside the project. A slash at the end makes no difference.
 */
function matcher(fault: Fault): Entry['matches'] {
  const { path } = fault;
  const method = fault.method?.toUpperCase();
  const pattern = typeof path === 'string' ? patternOf(path) : stateless(path);
  const isWhole = pattern !== undefined && /projects\\?\//.test(pattern.source);
  const fits = (actual: string): boolean =>
    pattern === undefined || pattern.test(actual) || pattern.test(actual.replace(/\/$/, ''));
  return (actual, inProject, pathname) =>
    (method === undefined || method === actual) && fits(isWhole ? pathname : inProject);
}

function patternOf(path: string): RegExp {
  const host = 'http://host';
  // Requests have their paths encoded.
  const encoded = new URL(path.startsWith('/') ? host + path : `${host}/${path}`).pathname;
  const own = path.startsWith('/') ? encoded : encoded.slice(1);
  const parts = own.replace(/(?<=.)\/$/, '').split('*');
  return new RegExp(`^${parts.map(escapePattern).join('.*')}$`);
}

/** With `g` or `y`, a regular expression begins each search where the one before it ended. */
function stateless(pattern: RegExp | undefined): RegExp | undefined {
  return pattern && new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
}

function escapePattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
