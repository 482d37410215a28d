import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

describe('a part that is loaded on demand', () => {
  it('is loaded by loadPart, which explains a failure', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
    const imports = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [
          ...readFileSync(join(source, file), 'utf8').matchAll(
            /(?<!typeof )(\S*)\bimport\('(\.[^']*)'\)/g,
          ),
        ].map(([, before, part]) => ({ file, before, part })),
      );
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter(({ before }) => before?.endsWith('loadPart(') !== true)).toEqual([]);
  });
});
