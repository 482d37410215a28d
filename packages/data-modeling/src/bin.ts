import { pathToFileURL } from 'node:url';
import { CdfError, configFromEnv, createTransport, type Transport } from '@cdf/core';
import { diff } from './schema/diff.js';
import { pull } from './schema/pull.js';
import { describeChange, push } from './schema/push.js';
import type { AnyView } from './view/definition.js';

const USAGE = `cdf-models: the views of a project as TypeScript

  cdf-models pull SPACE/MODEL[/VERSION] [--declarations]   prints a module with the views of a data model
  cdf-models diff FILE                                     prints how the views that FILE exports differ from the project's
  cdf-models push FILE [--allow-data-loss]                 makes the project's schema like them

The project is that of the environment: CDF_PROJECT, CDF_CLUSTER or CDF_URL, and CDF_TOKEN or CDF_CLIENT_ID, CDF_CLIENT_SECRET and
CDF_TOKEN_URL. FILE is a module of JavaScript, or of TypeScript where this version of Node runs it.
`;

/** An error of the command line. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<string> {
  const flags = args.filter((each) => each.startsWith('-'));
  const [command, subject, ...rest] = args.filter((each) => !each.startsWith('-'));
  if (
    command === undefined ||
    command === 'help' ||
    flags.includes('--help') ||
    flags.includes('-h')
  )
    return USAGE;
  const known = { pull: ['--declarations'], diff: [], push: ['--allow-data-loss'] }[command];
  if (known === undefined)
    throw new UsageError(`unknown command "${command}"; known commands: pull, diff, push`);
  const unknown = flags.find((flag) => !known.includes(flag as never));
  if (unknown !== undefined) throw new UsageError(`${command}: unknown option ${unknown}`);
  if (subject === undefined || rest.length > 0)
    throw new UsageError(
      `${command}: expected ${command === 'pull' ? 'SPACE/MODEL[/VERSION]' : 'one FILE'}`,
    );
  const transport = createTransport({ ...configFromEnv(), clientName: 'cdf-models' });
  try {
    return await run(command, subject, flags, transport);
  } finally {
    await transport.close();
  }
}

async function run(
  command: string,
  subject: string,
  flags: readonly string[],
  transport: Transport,
): Promise<string> {
  if (command === 'pull') {
    const [space, externalId, version, ...more] = subject.split('/');
    if (!space || !externalId || more.length > 0)
      throw new UsageError('pull: expected SPACE/MODEL[/VERSION]');
    return pull(
      transport,
      { space, externalId, version },
      { declarations: flags.includes('--declarations') },
    );
  }
  const views = await viewsOf(subject);
  const changes =
    command === 'diff'
      ? await diff(transport, views)
      : await push(transport, views, { allowDataLoss: flags.includes('--allow-data-loss') });
  return changes.length === 0
    ? 'no differences\n'
    : changes.map((change) => `${describeChange(change)}\n`).join('');
}

/** The views that a module exports. */
async function viewsOf(file: string): Promise<AnyView[]> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new UsageError(
      `${file} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}; TypeScript needs Node 22.18, or a loader: NODE_OPTIONS='--import tsx'`,
    );
  }
  const views = Object.values(module).filter(isView);
  if (views.length === 0) throw new UsageError(`${file} exports no views`);
  return views;
}

function isView(value: unknown): value is AnyView {
  const { properties, options, version } = Object(value) as Partial<AnyView>;
  return (
    typeof properties === 'object' && typeof options === 'object' && typeof version === 'string'
  );
}

try {
  process.stdout.write(await main(process.argv.slice(2)));
} catch (error) {
  const isKnown = error instanceof UsageError || CdfError.isInstance(error);
  process.stderr.write(`cdf-models: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env.CDF_DEBUG === '1' || !isKnown) console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
