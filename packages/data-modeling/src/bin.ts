import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CdfError, configFromEnv, createTransport, type Transport } from '@cdf/core';
import { moduleOfProject } from './module-of-project.js';
import { diff } from './schema/diff.js';
import { isWholeView } from './schema/is-whole-view.js';
import { pull } from './schema/pull.js';
import { describeChange, push } from './schema/push.js';
import type { AnyView } from './view/definition.js';

const USAGE = `cdf-models: the views of a project as TypeScript

  cdf-models pull SPACE/MODEL[/VERSION] [--declarations] [--import MODULE]
      prints a module with the views of a data model; MODULE is where it imports p and view from:
      @cdf/sdk/data-modeling where package.json names @cdf/sdk, else @cdf/data-modeling
  cdf-models diff FILE [--exit-code]
      prints how the views that FILE exports, by name or in arrays, differ from the project's
  cdf-models push FILE [--allow-data-loss]
      makes the project's schema like them

Exit codes: 0; 1 for an error; with --exit-code, 2 when push would change something, or refuse to.

The project is that of the environment: CDF_PROJECT, CDF_CLUSTER or CDF_URL, and CDF_TOKEN or
CDF_CLIENT_ID, CDF_CLIENT_SECRET and CDF_TOKEN_URL. FILE is a module of JavaScript, or of TypeScript
where this version of Node runs it: 22.18 or newer, or NODE_OPTIONS='--import tsx'.
`;
const FLAGS: Readonly<
  Record<string, Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>>
> = {
  pull: { declarations: { type: 'boolean' }, import: { type: 'string' } },
  diff: { 'exit-code': { type: 'boolean' } },
  push: { 'allow-data-loss': { type: 'boolean' } },
};
/** The exit code of a schema that differs, as Prisma and Terraform have it. */
const DIFFERENT = 2;

/** An error of the command line. */
class UsageError extends Error {}

interface Result {
  readonly text: string;
  readonly code?: number;
}

async function main(args: readonly string[]): Promise<Result> {
  const [command] = args;
  if (command === undefined || command === 'help' || args.includes('--help') || args.includes('-h'))
    return { text: USAGE };
  const options = Object.hasOwn(FLAGS, command) ? FLAGS[command] : undefined;
  if (options === undefined)
    throw new UsageError(`unknown command "${command}"; known commands: pull, diff, push`);
  const { values, positionals } = parse(command, args.slice(1), options);
  const [subject, ...rest] = positionals;
  if (subject === undefined || rest.length > 0)
    throw new UsageError(
      `${command}: expected ${command === 'pull' ? 'SPACE/MODEL[/VERSION]' : 'one FILE'}`,
    );
  const transport = createTransport({ ...configFromEnv(), clientName: 'cdf-models' });
  try {
    return await run(command, subject, values, transport);
  } finally {
    await transport.close();
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(
  command: string,
  args: readonly string[],
  options: NonNullable<(typeof FLAGS)[string]>,
): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Values, positionals };
  } catch (error) {
    throw new UsageError(
      `${command}: ${(error as Error).message.replace(/\. To specify .*/s, '')}`,
    );
  }
}

async function run(
  command: string,
  subject: string,
  values: Values,
  transport: Transport,
): Promise<Result> {
  if (command === 'pull') {
    const [space, externalId, version, ...more] = subject.split('/');
    if (!space || !externalId || more.length > 0)
      throw new UsageError('pull: expected SPACE/MODEL[/VERSION]');
    const module =
      typeof values.import === 'string' ? values.import : moduleOfProject(process.cwd());
    const options = { declarations: values.declarations === true, module };
    return { text: await pull(transport, { space, externalId, version }, options) };
  }
  const views = await viewsOf(subject);
  const changes =
    command === 'diff'
      ? await diff(transport, views)
      : await push(transport, views, { allowDataLoss: values['allow-data-loss'] === true });
  const isDifferent = changes.some(({ change }) => change !== 'kept');
  const text =
    changes.length === 0
      ? 'no differences\n'
      : changes.map((change) => `${describeChange(change)}\n`).join('');
  return { text, code: values['exit-code'] === true && isDifferent ? DIFFERENT : 0 };
}

/** The views that a module exports. */
async function viewsOf(file: string): Promise<AnyView[]> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new UsageError(`${file} could not be loaded: ${reasonOf(file, cause)}`);
  }
  // An array of views, such as a default export, is as good as a name for each.
  const views = new Set(Object.values(module).flat().filter(isWholeView));
  if (views.size === 0)
    throw new UsageError(
      `${file} exports no views; export each view, or an array of them: export const Pump = view(…)`,
    );
  return [...views];
}

function reasonOf(file: string, cause: unknown): string {
  if (!existsSync(file)) return 'the file does not exist';
  const { code, message } = Object(cause) as { readonly code?: string; readonly message?: string };
  return code === 'ERR_UNKNOWN_FILE_EXTENSION'
    ? "this version of Node runs no TypeScript; use 22.18 or newer, or npm install tsx and set NODE_OPTIONS='--import tsx'"
    : (message ?? String(cause));
}

// A reader that wants no more, such as `head`, is no error of the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`cdf-models: ${error.message}\n`);
  process.exitCode = 1;
});
try {
  const { text, code = 0 } = await main(process.argv.slice(2));
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  const isKnown = error instanceof UsageError || CdfError.isInstance(error);
  process.stderr.write(`cdf-models: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env.CDF_DEBUG === '1' || !isKnown) console.error(error);
  process.exitCode = 1;
}
