import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';
import type { ChartMethods } from './chart.js';
import { checkedOptions, PNG_OPTIONS, SHOW_OPTIONS } from './check-options.js';
import type { PngOptions } from './png.js';

/** For `.png` files; the others have none. */
export type SaveOptions = PngOptions;

/**
 * `chart.save(path)`: writes `.svg`, `.png`, `.html`, `.txt` or `.json` by extension. PNG needs the
 * optional peer `@resvg/resvg-js`.
 *
 * @throws {ConfigError} for another extension, a missing folder, without the peer, or for a PNG
 * without a font.
 */
export const saveChart =
  (chart: ChartMethods) =>
  async (path: string, options: SaveOptions = {}): Promise<void> => {
    checkPath(path);
    const content = await contentOf(chart, path, checkedOptions(options, PNG_OPTIONS, 'save'));
    try {
      await writeFile(path, content);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const problem =
        code === 'ENOENT'
          ? `unknown folder ${JSON.stringify(dirname(resolve(path)))}; create it, or save to another`
          : `cannot write ${JSON.stringify(path)}: ${message}`;
      throw new ConfigError(`save: ${problem}`, { cause });
    }
  };

/** @throws {ConfigError} for all but a string */
function checkPath(path: unknown): void {
  if (typeof path === 'string') return;
  const remedy = path instanceof URL ? 'a URL; pass fileURLToPath(url)' : shown(path);
  throw new ConfigError(`save: the path must be a string, got ${remedy}`);
}

/**
 * `chart.show()`: opens the interactive chart in the browser of this machine. Where there is no
 * display, as in CI, it only writes the file.
 *
 * @returns the path of the file
 */
export const showChart =
  (chart: ChartMethods) =>
  async (options: { readonly open?: boolean | undefined } = {}): Promise<string> => {
    const { open: isOpened = hasDisplay() } = checkedOptions(options, SHOW_OPTIONS, 'show');
    const path = join(await mkdtemp(join(tmpdir(), 'cdf-chart-')), 'chart.html');
    await writeFile(path, chart.toHtml());
    if (isOpened) open(path);
    return path;
  };

async function contentOf(
  chart: ChartMethods,
  path: string,
  options: SaveOptions,
): Promise<string | Uint8Array> {
  switch (extname(path).toLowerCase()) {
    case '.svg':
      return chart.toSvg();
    case '.html':
      return chart.toHtml();
    case '.txt':
      return `${chart.toText()}\n`;
    case '.json':
      return JSON.stringify(chart);
    case '.png':
      return (await loadPng()).pngChart(chart)(options);
    default:
      throw new ConfigError(
        `save: ${JSON.stringify(path)} must end in .svg, .png, .html, .txt or .json`,
      );
  }
}

/** Only who saves a PNG needs the renderer installed. */
async function loadPng(): Promise<typeof import('./png.js')> {
  try {
    return await import('./png.js');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError(
      'save: a .png needs the package @resvg/resvg-js: npm install @resvg/resvg-js',
      {
        cause: error,
      },
    );
  }
}

function hasDisplay(): boolean {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (CI !== undefined && CI !== '' && CI !== 'false') return false;
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

function open(path: string): void {
  const [program, ...arguments_] =
    process.platform === 'darwin'
      ? ['open', path]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', path]
        : ['xdg-open', path];
  const opened = spawn(program as string, arguments_, { detached: true, stdio: 'ignore' });
  // No program to open it with: the path that is returned is still of use.
  opened.on('error', () => {});
  opened.unref();
}
