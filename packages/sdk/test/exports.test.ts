import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Symbol as Exported } from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ExportedNames, exportedNames } from './exported-names.js';

/** The packages that an umbrella composes, as its manifest says. */
function composedBy(umbrella: string): string[] {
  const manifest = fileURLToPath(new URL(`../../${umbrella}/package.json`, import.meta.url));
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.keys(dependencies).filter(
    (name) => name.startsWith('@cdf/') && name !== '@cdf/sdk-core',
  );
}

const LEAN = composedBy('sdk-core');
const FULL = [...new Set([...LEAN, ...composedBy('sdk')])];

/**
 * Its names are common words, such as `view` and `nodes`: umbrellas have it under an entry of its
 * own.
 */
const APART = ['@cdf/data-modeling'];

/**
 * Types that an umbrella binds to its own relations. The package's type is there too, as `AssetOf`.
 */
const COMPOSED = ['Asset', 'AssetList', 'AssetSelection', 'TimeSeries', 'TimeSeriesList'];
const COMPOSED_WITH_PLOT = [...COMPOSED, 'Datapoints', 'DatapointsList', 'Chart'];

/** Names that an umbrella defines itself. */
const OF_UMBRELLAS = [
  ...COMPOSED_WITH_PLOT,
  ...['CdfClient', 'AssetRelations', 'SeriesRelations', 'SeriesListRelations'],
];

/** One thing, made for each platform: an application imports it from one of these entries. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  // A file, or a download.
  saveChart: ['@cdf/plot/node', '@cdf/plot/browser'],
  // The browser of this machine, or a new tab.
  showChart: ['@cdf/plot/node', '@cdf/plot/browser'],
  // Each package has its own: its lists, or points and tables as well.
  installPrinting: ['@cdf/core/print', '@cdf/datapoints/print'],
  // A renderer with fonts from files, or the canvas of the page.
  pngChart: ['@cdf/plot/png', '@cdf/plot/browser'],
  PngOptions: ['@cdf/plot/png', '@cdf/plot/browser'],
};

let exported: ExportedNames;
beforeAll(() => {
  exported = exportedNames();
});

function namesOf(specifier: string): ReadonlyMap<string, Exported> {
  const names = exported.entries.get(specifier);
  if (names === undefined) throw new Error(`unknown entry ${specifier}`);
  return names;
}

describe.each([
  {
    umbrella: '@cdf/sdk-core',
    packages: LEAN.filter((name) => !APART.includes(name)),
    composed: COMPOSED,
  },
  { umbrella: '@cdf/sdk-core/node', packages: ['@cdf/core/node', '@cdf/events-files/node'] },
  { umbrella: '@cdf/sdk-core/http', packages: ['@cdf/core/http'] },
  { umbrella: '@cdf/sdk-core/data-modeling', packages: APART },
  { umbrella: '@cdf/sdk-core/cognite-core', packages: ['@cdf/data-modeling/cognite-core'] },
  { umbrella: '@cdf/sdk-core/testing', packages: ['@cdf/core/testing'] },
  {
    umbrella: '@cdf/sdk',
    packages: FULL.filter((name) => !APART.includes(name)),
    composed: COMPOSED_WITH_PLOT,
  },
  { umbrella: '@cdf/sdk/core', packages: ['@cdf/sdk-core'] },
  {
    umbrella: '@cdf/sdk/node',
    packages: ['@cdf/core/node', '@cdf/events-files/node', '@cdf/plot/node'],
  },
  { umbrella: '@cdf/sdk/http', packages: ['@cdf/core/http'] },
  { umbrella: '@cdf/sdk/data-modeling', packages: APART },
  { umbrella: '@cdf/sdk/cognite-core', packages: ['@cdf/data-modeling/cognite-core'] },
  { umbrella: '@cdf/sdk/testing', packages: ['@cdf/core/testing'] },
  { umbrella: '@cdf/sdk/arrow', packages: ['@cdf/datapoints/arrow'] },
  { umbrella: '@cdf/sdk/parquet', packages: ['@cdf/datapoints/parquet'] },
])('$umbrella', ({ umbrella, packages, composed = [] }) => {
  it.each(packages)('exports every name of %s', (specifier) => {
    const own = namesOf(umbrella);
    const theirs = [...namesOf(specifier)];
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter(([name]) => !own.has(name)).map(([name]) => name)).toEqual([]);
    const others = theirs.filter(([name, symbol]) => own.get(name) !== symbol);
    expect(others.filter(([name]) => !composed.includes(name)).map(([name]) => name)).toEqual([]);
    expect(
      others.filter(([name, symbol]) => own.get(`${name}Of`) !== symbol).map(([name]) => name),
    ).toEqual([]);
  });
});

it('composes every package but the emulator', () => {
  const packages = [...exported.entries.keys()].map((specifier) =>
    specifier.split('/').slice(0, 2).join('/'),
  );
  const resources = [...new Set(packages)].filter((name) => !name.startsWith('@cdf/sdk'));
  expect([...FULL].sort()).toEqual(resources.sort());
  expect([...LEAN, '@cdf/plot'].sort()).toEqual(resources.sort());
});

/**
 * Where each meaning of a name is exported. A name that an umbrella composes from packages has the
 * package's meaning.
 */
function meaningsOf(name: string): string[][] {
  const found = new Map<Exported, string[]>();
  for (const [specifier, names] of exported.entries) {
    const symbol = names.get(name);
    if (symbol === undefined || (OF_UMBRELLAS.includes(name) && isOfUmbrella(symbol))) continue;
    found.set(symbol, [...(found.get(symbol) ?? []), specifier]);
  }
  return [...found.values()];
}

function isOfUmbrella(symbol: Exported): boolean {
  return (
    symbol.declarations?.every((each) =>
      /packages\/sdk(-core)?\/src\//.test(each.getSourceFile().fileName),
    ) ?? false
  );
}

describe('a name of all entries', () => {
  it('has one meaning, or one for each platform', () => {
    const names = new Set([...exported.entries.values()].flatMap((each) => [...each.keys()]));
    expect(names.size).toBeGreaterThan(300);
    const two = [...names]
      .map((name) => [name, meaningsOf(name)] as const)
      .filter(([, { length }]) => length > 1);
    const unknown = two.filter(([name]) => !Object.hasOwn(VARIANTS, name));
    expect(
      unknown.map(
        ([name, meanings]) => `${name}: ${meanings.map((each) => each.join(', ')).join(' | ')}`,
      ),
    ).toEqual([]);
    for (const [name, meanings] of two)
      for (const specifiers of meanings)
        expect(VARIANTS[name], name).toEqual(expect.arrayContaining(ownOf(specifiers)));
    expect(Object.keys(VARIANTS).sort()).toEqual(two.map(([name]) => name).sort());
  });
});

function ownOf(specifiers: readonly string[]): string[] {
  return specifiers.filter((each) => !each.startsWith('@cdf/sdk'));
}
