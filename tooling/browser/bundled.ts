import { type BuildOptions, build, type Metafile } from 'esbuild';

/** The files that a program loads first: without `splitting` all of it. */
export interface Bundled {
  readonly text: string;
  /** Modules that are part of the bundle. */
  readonly modules: readonly string[];
  /** The rest too, with `splitting`. */
  readonly metafile: Metafile;
}

/**
 * Bundles a program of an application for a browser, from the sources of our packages.
 *
 * @param folder what its imports are resolved from
 */
export async function bundled(
  contents: string,
  folder: string,
  options: BuildOptions = {},
): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder },
    ...{ conditions: ['@cdf/source'], bundle: true, format: 'esm' },
    ...{ platform: 'browser', target: 'es2022' },
    ...options,
    ...{ absWorkingDir: '/', outdir: '/out', metafile: true, write: false },
  });
  const first = firstLoad(metafile);
  const modules = [...first]
    .flatMap((name) => Object.entries(metafile.outputs[name]?.inputs ?? {}))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const loaded = outputFiles.filter(({ path }) => first.has(path.slice(1)));
  return {
    text: loaded.map(({ text }) => text).join('\n'),
    modules: modules.map(([file]) => file),
    metafile,
  };
}

/** Names of the outputs that the entry imports, directly or not, before it runs. */
function firstLoad({ outputs }: Metafile): Set<string> {
  const first = new Set<string>();
  const visit = (name: string): void => {
    if (first.has(name)) return;
    first.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement') visit(path);
  };
  for (const [name, { entryPoint }] of Object.entries(outputs))
    if (entryPoint === '<stdin>') visit(name);
  return first;
}
