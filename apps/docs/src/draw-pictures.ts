/**
 * Draws the pictures of the READMEs from the plant of the guides:
 * `node --conditions=@cdf/source --import tsx apps/docs/src/draw-pictures.ts`. Run it when a chart
 * looks different from what the code beside it draws.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '@cdf/emulator';
import { CdfClient, Token } from '@cdf/sdk';

const FOLDER = fileURLToPath(new URL('../pictures/', import.meta.url));
/** The site turns light pictures into dark ones itself, as its readers choose. */
const SIZE = { width: 760, height: 260, theme: 'light' } as const;

const emulator = await startEmulator({ seed: 'plant' });
const lines: string[] = [];
const client = new CdfClient({
  clientName: 'pictures',
  project: emulator.project,
  baseUrl: emulator.url,
  credentials: new Token(() => emulator.issueToken()),
  logger: { debug: (message) => lines.push(message) },
});

const write = (name: string, svg: string): void => writeFileSync(`${FOLDER}${name}.svg`, svg);

/** Text as a terminal shows it. */
function card(label: string, text: readonly string[]): string {
  const width = 20 + 8.4 * Math.max(60, ...text.map((line) => line.length));
  const height = 28 + 20 * text.length;
  const rows = text.map(
    (line, index) =>
      `<text x="16" y="${32 + 20 * index}" xml:space="preserve">${escapeXml(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(label)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#f6f8fa"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#1f2937">${rows.join('')}</g></svg>\n`,
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const pump = await client.assets.retrieve({ externalId: 'pump-1' });
const series = await pump?.subtree().timeSeries();
const band = { aggregates: ['average', 'min', 'max'], granularity: '6h', ...SIZE } as const;
const chart = await series?.plot({ start: '14d-ago', ...band });
write('pump-1', chart?.toSvg() ?? '');

const pressure = await client.timeSeries.retrieve({ externalId: 'pump-1-pressure' });
write('pressure', (await pressure?.plot({ start: '7d-ago', ...SIZE }))?.toSvg() ?? '');
write(
  'daily',
  (
    await pressure?.plot({ start: '14d-ago', ...band, granularity: '1d', timeZone: 'Europe/Oslo' })
  )?.toSvg() ?? '',
);

// The pumps of the plant are alike: the second one is to run cooler.
const warm = await client.datapoints.retrieve({
  externalId: 'pump-1-temperature',
  isString: false,
  start: '4d-ago',
});
await client.datapoints.insert(
  { externalId: 'pump-2-temperature' },
  {
    timestamps: warm.timestamps,
    values: warm.values.map((value, hour) => value - 6 + 2 * Math.sin(hour / 5)),
  },
);
const temperatures = await client.timeSeries.list({ filter: { unit: '°C' } });
const thresholds = [{ value: 45, label: 'alarm' }];
write(
  'threshold',
  (await temperatures.plot({ start: '3d-ago', thresholds, ...SIZE }))?.toSvg() ?? '',
);

const events = await client.events.list({ filter: { type: 'maintenance' } });
write('inspections', (await pressure?.plot({ start: '7d-ago', events, ...SIZE }))?.toSvg() ?? '');

const plant = await client.assets.retrieve({ externalId: 'plant' });
const tree = (await plant?.tree())?.toText() ?? '';
write(
  'tree',
  card('The tree of a plant as text', [
    'console.log((await plant.tree()).toText())',
    '',
    ...tree.trimEnd().split('\n'),
  ]),
);

lines.length = 0;
emulator.faults.add({ path: '/assets/list', status: 503 });
await client.assets.list();
write(
  'retry',
  card('The log of a call that is sent again after a 503', [
    'await new AssetsApi(transport).list()',
    '',
    ...lines,
  ]),
);

write(
  'emulator',
  card('The emulator in a terminal', [
    '$ npx cdf-emulator --seed plant',
    'CDF emulator on http://127.0.0.1:4100, project emulator, data in memory',
    '',
    'export CDF_URL=http://127.0.0.1:4100',
    'export CDF_PROJECT=emulator',
    'export CDF_TOKEN_URL=http://127.0.0.1:4100/oauth2/token',
    '…',
  ]),
);
write('graph', graph());

await client.close();
await emulator.close();

/** An area, its pumps and their work order, as nodes. */
function graph(): string {
  const boxes = [
    { name: 'Area', text: 'Hall A', x: 20, y: 90 },
    { name: 'Pump', text: 'P-1, 12 kW', x: 290, y: 30 },
    { name: 'Pump', text: 'P-2, 5 kW', x: 290, y: 150 },
    { name: 'WorkOrder', text: 'Replace the seal', x: 560, y: 90 },
  ];
  const edges = [
    { from: [290, 60], to: [200, 110], label: 'area' },
    { from: [290, 180], to: [200, 130], label: 'area' },
    { from: [560, 110], to: [470, 60], label: 'pumps' },
    { from: [560, 130], to: [470, 180], label: 'pumps' },
  ] as const;
  const arrows = edges.map(({ from, to, label }) => {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return `<path d="M${from}L${to}" stroke="#64748b" marker-end="url(#tip)"/><text x="${x}" y="${y - 8}" fill="#64748b" text-anchor="middle">${label}</text>`;
  });
  const nodes = boxes.map(
    ({ name, text, x, y }) =>
      `<rect x="${x}" y="${y}" width="180" height="60" rx="8" fill="#eff6ff" stroke="#2563eb"/><text x="${x + 90}" y="${y + 26}" text-anchor="middle" font-weight="600">${name}</text><text x="${x + 90}" y="${y + 46}" text-anchor="middle">${text}</text>`,
  );
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 240" width="760" height="240" role="img" aria-label="An area, two pumps and a work order, and the relations between them">',
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
    '<rect width="760" height="240" rx="8" fill="#ffffff"/>',
    `<g font-family="system-ui, sans-serif" font-size="14" fill="#1f2937">${arrows.join('')}${nodes.join('')}</g></svg>\n`,
  ].join('\n');
}
