import { readFileSync } from 'node:fs';

/** How often to look. @unit milliseconds */
const INTERVAL = 500;

/**
 * Calls back when the `npx` that runs this program is gone: killed, it leaves its program running,
 * which holds the data folder. Only then: a launcher of any other kind may end before the program,
 * as scripts do that leave it running.
 */
export function whenNpxEnds(callback: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (!isRunByNpx(env)) return;
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    callback();
  }, INTERVAL);
  timer.unref();
}

/**
 * True if this program is all that `npx` was told to run. Programs that it starts inherit its
 * environment, but run with other words.
 */
export function isRunByNpx(env: NodeJS.ProcessEnv): boolean {
  return (
    env.npm_lifecycle_event === 'npx' && /^'?cdf-emulator'?$/.test(env.npm_lifecycle_script ?? '')
  );
}

/**
 * The process that started this one, and the one before it: most shells stay between npx and the
 * program. Only Linux tells the second.
 */
function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

function parentOf(id: number): string | undefined {
  try {
    // The name before it may have blanks and brackets.
    return /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
