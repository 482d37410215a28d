import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FoundScenario } from './find-scenarios.js';
import type {
  Checksum,
  Contender,
  GoalResult,
  Measurement,
  Received,
  Scenario,
  Target,
} from './scenario.js';
import type { Job, RunReport } from './worker.js';

/**
 * One scenario at one size: contenders take turns on one server, after a warm-up round. Every run
 * is checked.
 */
export async function measure(
  { file, scenario }: FoundScenario,
  size: number,
  rounds: number,
  only?: readonly string[],
): Promise<Measurement[]> {
  const job = { file, scenario: scenario.name, size };
  const server = new Remote(job);
  const running: Turn[] = [];
  try {
    const target = await server.call<Target>('start');
    const expected = await server.call<Checksum>('expected');
    for (const [name, contender] of Object.entries(scenario.contenders)) {
      if (size > (contender.maxSize ?? Infinity) || only?.includes(name) === false) continue;
      running.push({
        name,
        contender,
        remote: new Remote({ ...job, contender: name, target }),
        reports: [],
      });
    }
    for (const { remote } of running) await remote.call('start');
    for (let round = 0; round <= rounds; round += 1) {
      // The order rotates.
      for (const turn of [
        ...running.slice(round % running.length),
        ...running.slice(0, round % running.length),
      ]) {
        if (round > 0 && turn.reports.length >= wantedReports(turn.contender, rounds)) continue;
        if (scenario.isFresh === true && round > 0) {
          turn.remote.close();
          turn.remote = new Remote({ ...job, contender: turn.name, target });
          await turn.remote.call('start');
        }
        await server.call('reset');
        const report = await turn.remote.call<RunReport>('run');
        const received = await server.call<Received | undefined>('received');
        const checksum = report.checksum ?? received?.checksum;
        if (checksum === undefined || !isSame(checksum, expected))
          throw new Error(
            `${scenario.name}, ${turn.name}, ${size}: ${JSON.stringify(checksum)} where ${JSON.stringify(expected)} belongs`,
          );
        turn.reports.push(report);
        turn.requests = received?.requests;
      }
    }
  } finally {
    for (const { remote } of running) remote.close();
    server.close();
  }
  return running.map(({ name, reports, requests }) => {
    const measured = reports.length === 1 ? reports : reports.slice(1);
    const milliseconds = measured.map((report) => report.milliseconds);
    return {
      ...{
        scenario: scenario.name,
        title: scenario.title,
        unit: scenario.unit,
        size,
        contender: name,
      },
      ...{
        milliseconds,
        medianMs: median(milliseconds),
        cpuMs: median(measured.map((report) => report.cpuMs)),
        peakMb: reports[0]?.peakMb ?? Number.NaN,
      },
      ...(requests === undefined ? {} : { requests }),
    };
  });
}

/**
 * Judges the measurements of a scenario by its goals. Goals without a measurement are not judged.
 */
export function judge(
  { name, sizes, goals = [] }: Scenario,
  measurements: readonly Measurement[],
): GoalResult[] {
  return goals.flatMap(({ contender, against, atMost, of = 'time', size = Math.max(...sizes) }) => {
    const value = (which: string): number | undefined => {
      const found = measurements.find((each) => each.contender === which && each.size === size);
      return of === 'time' ? found?.medianMs : found?.peakMb;
    };
    const [own, other] = [value(contender), value(against)];
    if (own === undefined || other === undefined) return [];
    return [{ scenario: name, contender, against, atMost, of, size, ratio: own / other }];
  });
}

interface Turn {
  readonly name: string;
  readonly contender: Contender;
  remote: Remote;
  readonly reports: RunReport[];
  requests?: number | undefined;
}

/** The warm-up is one more, unless a single run has to do. */
function wantedReports({ rounds: most = Infinity }: Contender, rounds: number): number {
  return most === 1 ? 1 : Math.min(most, rounds) + 1;
}

function isSame(left: Checksum, right: Checksum): boolean {
  const names = Object.keys(right);
  return (
    names.length === Object.keys(left).length &&
    names.every((name) => {
      const [own = Number.NaN, other = Number.NaN] = [left[name], right[name]];
      return Math.abs(own - other) <= 1e-9 * Math.max(1, Math.abs(other));
    })
  );
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A process that answers calls, one at a time. */
class Remote {
  readonly #child: ChildProcess;

  constructor(job: Job) {
    this.#child = fork(
      fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url)),
      [JSON.stringify(job)],
      {
        execArgv: [...process.execArgv, '--expose-gc'],
      },
    );
  }

  call<T = void>(name: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const done = (settle: () => void): void => {
        this.#child.removeAllListeners();
        settle();
      };
      this.#child.once('message', (answer: { value?: T; error?: string }) =>
        done(() =>
          answer.error === undefined ? resolve(answer.value as T) : reject(new Error(answer.error)),
        ),
      );
      this.#child.once('error', (error) => done(() => reject(error)));
      this.#child.once('exit', (code) =>
        done(() => reject(new Error(`a process ended during ${name}: ${code}`))),
      );
      this.#child.send(name);
    });
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
