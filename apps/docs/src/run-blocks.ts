import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { standInForClusters } from './cluster.js';
import { buildGraph } from './graph.js';
import { client, emulator, renewToken, token, transport } from './prelude.js';

interface Module {
  readonly path: string;
  readonly block: { readonly file: string; readonly line: number; readonly code: string };
}

/** Names in blocks about the graph of the plant. The other blocks do not wait for the graph. */
const GRAPH = /\b(Area|Pump|WorkOrder|areas|pumps|acme)\b/;

/**
 * Longer than any block takes; a block that hangs is a problem and not the end.
 *
 * @unit milliseconds
 */
const LIMIT = 60_000;

/**
 * Runs modules made of blocks, one after the other. `// → text` behind a `console.log` is its
 * expected output, and is compared. The last line of the output is a JSON array of problems.
 */
async function runBlocks(modules: readonly Module[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, block } of modules) {
    await emulator.reset();
    if (GRAPH.test(block.code)) await buildGraph(client);
    await renewToken();
    process.env.CDF_TOKEN = token;
    const promised = promisesOf(block.code);
    const printedLines = new Set<number>();
    console.log = (...values: unknown[]) => {
      const line = callerLine(path) - 2;
      const printed = normal(format(...values));
      if (promised.has(line) && promised.get(line) !== printed)
        problems.push(`${block.file}:${block.line + line}: prints ${printed}`);
      printedLines.add(line);
    };
    try {
      await within(LIMIT, import(pathToFileURL(path).href));
      for (const line of promised.keys())
        if (!printedLines.has(line))
          problems.push(`${block.file}:${block.line + line}: prints nothing`);
    } catch (error) {
      problems.push(
        `${block.file}:${block.line}: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }
  return problems;
}

/**
 * The text that each `console.log` promises to print, by the line where its call begins: the
 * comment is behind its end. Further lines of the text stand in comments below it, two columns
 * further to the right.
 */
function promisesOf(code: string): Map<number, string> {
  const lines = code.split('\n');
  const promised = new Map<number, string>();
  lines.forEach((text, index) => {
    let printed = /\/\/ → (.*)$/.exec(text)?.[1];
    if (printed === undefined) return;
    for (const more of lines.slice(index + 1)) {
      const next = /^ *\/\/ {3}(.*)$/.exec(more)?.[1];
      if (next === undefined) break;
      printed += ` ${next}`;
    }
    const start = lines.slice(0, index + 1).findLastIndex((line) => line.includes('console.log('));
    promised.set(start, normal(printed));
  });
  return promised;
}

/** Objects are printed over several lines where they are long. */
function normal(printed: string): string {
  return printed.replace(/\s+/g, ' ').trim();
}

/** The line of the module that called `console.log`, from 1. */
function callerLine(path: string): number {
  const frame = (new Error().stack ?? '').split('\n').find((each) => each.includes(path));
  return Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1] ?? 0);
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`did not end within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The certificates of a test of `@cdf/core`: those of an untrusted authority, and those that it has
 * signed.
 */
async function certificates(): Promise<Record<string, string>> {
  const path = new URL('../../../packages/core/test/helpers/certificates.ts', import.meta.url).href;
  const { AUTHORITY, CERTIFICATE, PRIVATE_KEY } = (await import(path)) as Record<string, string>;
  return {
    'plant-ca.pem': AUTHORITY ?? '',
    'certificate.pem': CERTIFICATE ?? '',
    'key.pem': PRIVATE_KEY ?? '',
  };
}

/** The text in a guide that stands below some words: a file that its blocks read. */
function sampleOf(guide: string, words: string): string {
  const text = readFileSync(new URL(`../guides/${guide}`, import.meta.url), 'utf8');
  return /```text\n(.*?)```/s.exec(text.slice(text.indexOf(words)))?.[1] ?? '';
}

const [list = ''] = process.argv.slice(2);
const modules = JSON.parse(readFileSync(list, 'utf8')) as Module[];
// Files that a block writes go away with the modules; the environment leads to the emulator.
process.chdir(dirname(list));
writeFileSync(
  'measurements.csv',
  'time,pressure (bar)\n2026-01-01T00:00:00Z,4.2\n2026-01-01T01:00:00Z,4.4\n',
);
writeFileSync('european.csv', sampleOf('your-data.md', '`european.csv` is'));
mkdirSync('reports');
writeFileSync('reports/june.pdf', '%PDF-1.4\n');
writeFileSync('huge.bin', new Uint8Array(12 * 1024 * 1024));
for (const [name, pem] of Object.entries(await certificates())) writeFileSync(name, pem);
Object.assign(process.env, { CDF_PROJECT: emulator.project, CDF_URL: emulator.url });
standInForClusters(emulator);
const log = console.log;
const problems = await runBlocks(modules);
console.log = log;
await client.close();
await transport.close();
await emulator.close();
console.log(JSON.stringify(problems));
