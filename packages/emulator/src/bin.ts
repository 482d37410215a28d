import { readCommand, USAGE } from './command.js';
import { EmulatorError } from './errors.js';
import { whenNpxEnds } from './launcher.js';
import { startScreen } from './screen.js';
import { startServer } from './server.js';

async function main(): Promise<void> {
  const options = readCommand(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const emulator = await startServer(options);
  process.stdout.write(startScreen(emulator, options));
  const stop = (): void => {
    void emulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  whenNpxEnds(stop);
}

main().catch((error: unknown) => {
  const debug = process.env.CDF_DEBUG === '1';
  const known = error instanceof EmulatorError;
  process.stderr.write(`cdf-emulator: ${error instanceof Error ? error.message : String(error)}\n`);
  if (debug) console.error(error);
  else if (!known) process.stderr.write('Set CDF_DEBUG=1 to see where it failed.\n');
  process.exitCode = 1;
});
