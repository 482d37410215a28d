import { checkFault } from '../check-options.js';

/** When a fault strikes and what it does. Members that are left out do nothing. */
export interface Fault {
  /** Only requests with this method. */
  readonly method?: string | undefined;
  /**
   * Only requests to this path, without `/api/v1/projects/{project}`: `/assets/list`, `/files/*` (`*` stands for
   * anything), or a regular expression. All paths when absent, the control path excepted.
   */
  readonly path?: string | RegExp | undefined;
  /** How many matching requests it lets pass before it begins. @default 0 */
  readonly skip?: number | undefined;
  /** How many matching requests it strikes before it is spent. @default 1, or unlimited with `probability` */
  readonly count?: number | undefined;
  /** Strikes each matching request with this probability, 0 to 1, drawn from `seed`. */
  readonly probability?: number | undefined;
  /** Seed of the draws. @default 1 */
  readonly seed?: number | undefined;
  /** Waits this long before anything else, in real time. */
  readonly latencyMs?: number | undefined;
  /** Answers with this status in the error envelope; the request is not handled. */
  readonly status?: number | undefined;
  /** The message of that answer. */
  readonly message?: string | undefined;
  /** Sends `Retry-After` with that answer. */
  readonly retryAfterSeconds?: number | undefined;
  /** Headers for that answer, such as `cdf-is-auto-retryable`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends this body instead of the envelope with that answer, as a proxy does. */
  readonly rawBody?: string | undefined;
  /** Cuts the connection before the request is handled: nothing is stored and nothing is answered. */
  readonly resetBeforeBody?: boolean | undefined;
  /** Handles the request, stores what it stores, and cuts the connection without an answer. */
  readonly resetAfterHandling?: boolean | undefined;
  /** Handles the request, sends the head and this many bytes of the body, and cuts the connection; a shorter body arrives whole. */
  readonly cutBodyAfterBytes?: number | undefined;
  /** Handles the request, sends the head and this many bytes of the body, and then nothing more; a shorter body arrives whole. */
  readonly stallBodyAfterBytes?: number | undefined;
}

/** A fault that was added, with how often it struck. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  readonly matched: number;
  readonly struck: number;
  /** Whether it can strike again. */
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

  /** Adds a fault and returns its id. @throws {EmulatorError} for a member that there is not. */
  add(fault: Fault): number {
    checkFault(fault);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#entries.push({ id, fault, matches: matcher(fault), draw: random(fault.seed ?? 1), matched: 0, struck: 0 });
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
  strike(method: string, path: string): { id: number; fault: Fault } | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (entry.struck >= countOf(fault) || !entry.matches(method, path)) continue;
      entry.matched += 1;
      if (entry.matched <= (fault.skip ?? 0)) continue;
      if (fault.probability !== undefined && entry.draw() >= fault.probability) continue;
      entry.struck += 1;
      return { id: entry.id, fault };
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
  const pattern = typeof path === 'string' ? new RegExp(`^${path.split('*').map(escapePattern).join('.*')}$`) : path;
  return (actual, actualPath) =>
    (method === undefined || method === actual) && (pattern === undefined || pattern.test(actualPath));
}

function escapePattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/** A small seeded generator (mulberry32): the same seed strikes the same requests. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
