import { readdirSync, readFileSync } from 'node:fs';
import * as core from '@cdf/core';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const README = read('../README.md');
/** The members of an interface, as written. */
const members = (source: string, name: string): string[] => {
  const body =
    new RegExp(`export (?:interface|type) ${name}[^{]* \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ??
    '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member as string);
};

describe('the README', () => {
  it('has a row for each option', () => {
    const rows = README.split('## Options')[1]?.split('## ')[0] ?? '';
    const options = [...members(read('../src/transport/config.ts'), 'ClientConfig')].filter(
      (name) => !['retry', 'concurrency'].includes(name),
    );
    const retry = members(read('../src/transport/retry.ts'), 'RetrySettings').map(
      (name) => `retry.${name}`,
    );
    expect(options.length).toBeGreaterThan(10);
    expect(retry).toHaveLength(4);
    expect([...options, ...retry].filter((name) => !rows.includes(`| \`${name}\``))).toEqual([]);
  });

  it('has a row for each interceptor', () => {
    const rows = README.split('## Interceptors')[1]?.split('## ')[0] ?? '';
    const names = readdirSync(new URL('../src/transport/interceptors', import.meta.url))
      .map((file) => file.replace('.ts', ''))
      .filter((name) => name in core);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !rows.includes(`| \`${name}(`))).toEqual([]);
  });

  it('has a row for each error', () => {
    const errors = Object.keys(core).filter(
      (name) => name.endsWith('Error') && name !== 'CdfError' && /^[A-Z]/.test(name),
    );
    expect(errors.length).toBeGreaterThan(9);
    expect(errors.filter((name) => !README.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it('has a row for each credential', () => {
    const credentials = Object.entries(core).filter(
      ([, value]) => typeof value === 'function' && 'getToken' in (value.prototype ?? {}),
    );
    expect(credentials.length).toBeGreaterThan(5);
    expect(
      credentials.map(([name]) => name).filter((name) => !README.includes(`| \`${name}\` |`)),
    ).toEqual([]);
  });
});
