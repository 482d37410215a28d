/**
 * A member of `scenarios`, which a scenario file, `src/<name>.scenario.ts`, exports. The server and
 * every contender run in processes of their own, so that the memory of one never shows in another;
 * the runner has them take turns.
 */
export interface Scenario {
  /** Unique, kebab-case: what `--only` takes. */
  readonly name: string;
  /** For the table: the work, in a few words. */
  readonly title: string;
  /** The unit of `sizes`. */
  readonly unit: string;
  /**
   * The whole is measured once for each, ascending. More than two become a line in the chart of
   * growth.
   */
  readonly sizes: readonly number[];
  /** The result that a run must give, or leave on the server. */
  expected(size: number): Checksum | Promise<Checksum>;
  /** Runs in the process of the server. Without it, the scenario does not need a server. */
  serve?(size: number): Promise<BenchServer>;
  /**
   * By name. `ours` is measured against `floor`: the least that any client has to do. Others are
   * called by their package.
   */
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly goals?: readonly Goal[];
  /** Every round in a new process: what a program pays that does it once. */
  readonly isFresh?: boolean;
}

/** Numbers that are equal, to one part in 10^9, only if everything arrived. */
export type Checksum = Readonly<Record<string, number>>;

export interface Contender {
  /**
   * Runs in the process of the contender, unmeasured: import the client here, so that others do not
   * carry it.
   */
  prepare(target: Target, size: number): Promise<ContenderRun>;
  /** For slow work: so many rounds at most, and with 1 no warm-up. */
  readonly rounds?: number;
  /** Larger sizes are left out. */
  readonly maxSize?: number;
}

export interface ContenderRun {
  /** The measured work. */
  run(): Promise<unknown>;
  /**
   * The checksum of the result of `run`, computed afterwards. Without it the server gives the
   * checksum.
   */
  check?(result: unknown): Checksum;
  /** The time that the result itself tells. @default that of `run` */
  milliseconds?(result: unknown): number;
}

/** The server, for contenders. Empty strings without a server. */
export interface Target {
  readonly url: string;
  readonly project: string;
  readonly token: string;
}

export interface BenchServer extends Target {
  /** Before each run, unmeasured: back to the start. */
  reset?(): Promise<void> | void;
  /** After each run: requests since `reset`, and for writes what arrived. */
  received?(): Promise<Received> | Received;
}

export interface Received {
  readonly requests: number;
  readonly checksum?: Checksum;
}

export interface Goal {
  readonly contender: string;
  readonly against: string;
  /** Most that the ratio of the medians, or of the peaks of memory, may be. */
  readonly atMost: number;
  readonly of?: 'time' | 'memory';
  /** @default the largest size */
  readonly size?: number;
}

/** One contender in one scenario at one size. */
export interface Measurement {
  readonly scenario: string;
  readonly title: string;
  readonly unit: string;
  readonly size: number;
  readonly contender: string;
  /** The time of each measured round. */
  readonly milliseconds: readonly number[];
  readonly medianMs: number;
  /** Median of what the processor was busy for the contender: the same on a busy machine. */
  readonly cpuMs: number;
  /** Growth of the process at its peak, in its first run. */
  readonly peakMb: number;
  readonly requests?: number;
}

export interface GoalResult extends Required<Goal> {
  readonly scenario: string;
  readonly ratio: number;
}

export interface Results {
  readonly node: string;
  readonly cores: number;
  readonly date: string;
  readonly rounds: number;
  readonly measurements: readonly Measurement[];
  readonly goals: readonly GoalResult[];
}
