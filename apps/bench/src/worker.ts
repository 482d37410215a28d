import { loadScenarios } from './find-scenarios.js';
import type { Checksum, Received, Target } from './scenario.js';

/** A call of the runner to a process that it started, which answers each call once. */
export interface Job {
  readonly file: string;
  readonly scenario: string;
  readonly size: number;
  /** Absent: serve. */
  readonly contender?: string;
  readonly target?: Target;
}

export interface RunReport {
  readonly milliseconds: number;
  /** Processor time of this process, on all cores. */
  readonly cpuMs: number;
  readonly checksum?: Checksum;
  /** Growth of the process so far, at its peak. */
  readonly peakMb: number;
}

type Calls = Readonly<Record<string, () => unknown>>;

async function serve({ file, scenario: name, size }: Job): Promise<Calls> {
  const scenario = await scenarioOf(file, name);
  const server = await scenario.serve?.(size);
  return {
    start: (): Target => ({
      url: server?.url ?? '',
      project: server?.project ?? '',
      token: server?.token ?? '',
    }),
    expected: () => scenario.expected(size),
    reset: () => server?.reset?.(),
    received: (): Promise<Received> | Received | undefined => server?.received?.(),
  };
}

async function contend({
  file,
  scenario: name,
  size,
  contender = '',
  target,
}: Job): Promise<Calls> {
  const scenario = await scenarioOf(file, name);
  const contenderRun = await scenario.contenders[contender]?.prepare(target as Target, size);
  if (contenderRun === undefined) throw new Error(`${name} has no contender ${contender}`);
  (globalThis as { gc?: () => void }).gc?.();
  const heldBefore = process.memoryUsage.rss();
  return {
    start: () => undefined,
    // No collection between runs: it would take garbage away that the contender does not pay for, and
    // V8 bounds a heap by how little was allocated before a forced one.
    async run(): Promise<RunReport> {
      const used = process.cpuUsage();
      const begin = performance.now();
      const result = await contenderRun.run();
      const elapsed = performance.now() - begin;
      const milliseconds = contenderRun.milliseconds?.(result) ?? elapsed;
      const { user, system } = process.cpuUsage(used);
      const peakMb = (process.resourceUsage().maxRSS * 1024 - heldBefore) / 1e6;
      const checksum = contenderRun.check?.(result);
      return {
        milliseconds,
        cpuMs: (user + system) / 1000,
        peakMb,
        ...(checksum === undefined ? {} : { checksum }),
      };
    },
  };
}

async function scenarioOf(file: string, name: string) {
  const found = (await loadScenarios(file)).find(({ scenario }) => scenario.name === name);
  if (found === undefined) throw new Error(`${file} has no scenario ${name}`);
  return found.scenario;
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const calls = job.contender === undefined ? serve(job) : contend(job);
process.on('message', (call: string) => {
  calls
    .then((known) => known[call]?.())
    .then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({
          error: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
        }),
    );
});
process.on('disconnect', () => process.exit(0));
