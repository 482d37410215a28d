import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { compareReports } from '../reports.mjs';

const root = mkdtempSync(join(tmpdir(), 'api-report-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('the check of the public surface', () => {
  it('says which lines went and came, and is content once the report is committed', () => {
    symlinkSync(
      fileURLToPath(new URL('../../../node_modules', import.meta.url)),
      join(root, 'node_modules'),
    );
    const manifest = {
      name: '@cdf/one',
      version: '1.0.0',
      exports: { '.': { types: './dist/index.d.ts' } },
    };
    write('packages/one/package.json', JSON.stringify(manifest));
    write(
      'packages/one/tsconfig.json',
      '{ "compilerOptions": { "types": [], "lib": ["es5"] }, "include": ["dist"] }',
    );
    write('packages/one/dist/index.d.ts', 'export declare function first(): number;\n');
    const report = join(root, 'packages/one/etc/one.api.md');

    compareReports(root, { check: false });
    expect(readFileSync(report, 'utf8')).toContain('export function first(): number;');
    expect(compareReports(root, { check: true })).toEqual([]);

    write('packages/one/dist/index.d.ts', 'export declare function first(): string;\n');
    const before = readFileSync(report, 'utf8');
    const [{ file, difference }] = compareReports(root, { check: true });
    expect(file).toBe('packages/one/etc/one.api.md');
    expect(difference).toEqual([
      '- export function first(): number;',
      '+ export function first(): string;',
    ]);
    expect(readFileSync(report, 'utf8')).toBe(before);
  }, 180_000);
});
