import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** Fields that are named outside of `fields/` and `model/`, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  id: 'identity',
  externalId: 'identity',
  instanceId: 'identity',
  pendingInstanceId: 'identity: of the node that will take an item over',
  space: 'identity: of an instance',
  parentId: 'hierarchy',
  parentExternalId: 'hierarchy',
  rootId: 'hierarchy',
  root: 'hierarchy: the root of a draft',
  isString: 'points: their kind',
  isStep: 'points: how they are joined',
  type: 'points: said with them; also a word of HTTP and TypeScript',
  unit: 'points: said with them',
  unitExternalId: 'points: converted by it',
  securityCategories: 'points: such series are in no subscription by filter',
  createdTime: 'times: set by the server',
  lastUpdatedTime: 'times: set by the server',
  startTime: 'times: an event does not end before it starts',
  endTime: 'times: an event does not end before it starts',
  uploaded: 'contents of files',
  uploadedTime: 'contents of files',
  mimeType: 'contents of files: the type of downloads',
  directory: 'nodes: the node of a file says it',
  content: 'contents of files: the name of what is stored',
  metadata: 'each of its keys is a property of its own; listings may leave it out',
  assetId: 'seeds name assets by external id',
  assetIds: 'seeds name assets by external id',
  dataSetId: 'seeds name data sets by external id',
  partitionCount: 'streams of subscriptions',
  members: 'streams of subscriptions',
  filter: 'streams of subscriptions; also a method of arrays',
  labels: 'the collection of label definitions',
  name: 'a word of everything that has one',
  description: 'a word of errors of OAuth',
  source: 'a word of streams, clocks and units',
};

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** Comments may say anything. */
function code(path: string): string {
  return readFileSync(path, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

function declared(): Set<string> {
  const found = new Set<string>();
  for (const path of files(join(SOURCE, 'model')))
    for (const [, name = ''] of code(path).matchAll(/^ {2}readonly (\w+)\??:/gm)) found.add(name);
  for (const path of files(join(SOURCE, 'fields')).filter((each) =>
    /\bTable<\w+> = \{/.test(code(each)),
  )) {
    const table = code(path).split(/\bTable<\w+> = \{/)[1] ?? '';
    for (const [, name = ''] of table.matchAll(/^ {4}(\w+):/gm)) found.add(name);
  }
  // Members of the shapes that fields have, not fields of items.
  for (const name of [
    'min',
    'max',
    'containsAny',
    'containsAll',
    'coordinates',
    'geometry',
    'properties',
  ])
    found.delete(name);
  return found;
}

describe('a field', () => {
  const elsewhere = files(SOURCE).filter(
    (path) => !/^(fields|model)\W/.test(relative(SOURCE, path)),
  );
  const whole = elsewhere.map((path) => [relative(SOURCE, path), code(path)] as const);

  it('is named outside of fields/ and model/ only where it has behaviour of its own', () => {
    const names = declared();
    expect(names.size).toBeGreaterThan(40);
    const found: Record<string, string[]> = {};
    for (const name of names) {
      if (Object.hasOwn(ELSEWHERE, name)) continue;
      const places = whole
        .filter(([, text]) => new RegExp(`\\b${name}\\b`).test(text))
        .map(([path]) => path);
      if (places.length > 0) found[name] = places;
    }
    expect(found).toEqual({});
  });

  it('that is on that list is still a field', () => {
    const names = declared();
    expect(Object.keys(ELSEWHERE).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('modules', () => {
  it('import each other in no circle, type-only imports counted', () => {
    const paths = files(SOURCE);
    const imports = new Map(
      paths.map((path) => [
        path,
        [...code(path).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target = '']) =>
          join(path, '..', target).replace(/\.js$/, '.ts'),
        ),
      ]),
    );
    const done = new Set<string>();
    const circles: string[][] = [];
    const visit = (path: string, above: readonly string[]): void => {
      if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path]);
      if (above.includes(path) || done.has(path)) return;
      for (const target of imports.get(path) ?? []) visit(target, [...above, path]);
      done.add(path);
    };
    for (const path of paths) visit(path, []);
    expect(circles.map((circle) => circle.map((path) => relative(SOURCE, path)))).toEqual([]);
  });
});
