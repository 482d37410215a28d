import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { ConfigError } from '@cdf/core';
import { type ChartSource, plot } from '@cdf/plot';
import { interactiveHtml } from '@cdf/plot/html';
import { saveChart, showChart } from '@cdf/plot/node';
import { pngChart } from '@cdf/plot/png';
import { Resvg } from '@resvg/resvg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../scripts/page-script.js';
import { decodeModel, encodeModel } from '../src/page/page-data.js';
import { hash } from '../src/page/page-script.generated.js';
import { modelOf } from './model-of.js';

const HOSTILE = '</script><img src=x onerror=alert(1)>\u001b[31m\u202e\ud800\n=HYPERLINK("x")';
const START = Date.UTC(2026, 0, 1);
const timestamps = Float64Array.from({ length: 50 }, (_, index) => START + index * 60_000);
const wave: ChartSource = {
  id: 1,
  name: 'Wave',
  unit: 'bar',
  timestamps,
  values: timestamps.map((_, index) => Math.sin(index / 5)),
};
const fonts = [
  createRequire(import.meta.url).resolve(
    '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  ),
];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-plot-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Red, green, blue and opacity of each pixel, row by row. */
function pixelsOf(png: Uint8Array): Uint8Array {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const [width, height] = [16, 20].map((at) => new DataView(png.buffer).getUint32(at));
  const size = `width="${width}" height="${height}"`;
  return new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><image ${size} href="${href}"/></svg>`,
  ).render().pixels;
}

describe('a chart as a PNG', () => {
  it('has the size of the chart times its scale', async () => {
    const png = await pngChart(plot(wave, { width: 400, height: 200 }))({ fonts, scale: 2 });
    const view = new DataView(png.buffer);
    expect([...png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([800, 400]);
  });

  it('has its labels: without the title it is another picture', async () => {
    const draw = (title: string) => pngChart(plot(wave, { title }))({ fonts });
    expect(await draw('One title')).not.toEqual(await draw('Two title'));
    expect(await draw('One title')).toEqual(await draw('One title'));
  });

  it('is rejected without a font that can be read, rather than drawn without labels', async () => {
    await expect(pngChart(plot(wave))({ fonts: ['/does/not/exist.ttf'] })).rejects.toThrow(
      ConfigError,
    );
    await expect(pngChart(plot(wave))({ fonts: ['/does/not/exist.ttf'] })).rejects.toThrow(
      'no font could be read from "/does/not/exist.ttf"',
    );
  });

  it('is rejected where every font lacks a character, naming it, unless boxes will do', async () => {
    const linearA = plot(wave, { title: 'Tank \u{10600} µ³ − →' });
    await expect(pngChart(linearA)({ fonts })).rejects.toThrow(ConfigError);
    await expect(pngChart(linearA)({ fonts })).rejects.toThrow(
      'no font has \u{10600} (U+10600); add a TTF',
    );
    expect((await pngChart(linearA)({ fonts, missingGlyphs: 'boxes' })).length).toBeGreaterThan(
      1000,
    );
    expect(
      (await pngChart(plot(wave, { title: 'Ångström Ωμέγα Давление µ³ − → × ≤' }))({ fonts }))
        .length,
    ).toBeGreaterThan(1000);
  });

  it('takes a font of the system only for what the given one lacks: the rest of the picture stays as it is', async () => {
    const title = 'Давление ضغط 23';
    const below = async (text: string) => {
      const png = await pngChart(plot(wave, { title: text, valueLabel: 'bar' }))({
        fonts,
        scale: 1,
        missingGlyphs: 'boxes',
      });
      return pixelsOf(png).subarray(900 * 4 * 380);
    };
    expect(await below(title)).toEqual(await below('Pressure 23'));
    expect(await below('Pressure 23')).not.toEqual(
      pixelsOf(
        await pngChart(
          plot(wave, { title: 'Pressure 23', valueLabel: 'bar', timeZone: 'Asia/Tokyo' }),
        )({
          fonts,
          scale: 1,
        }),
      ).subarray(900 * 4 * 380),
    );
  });

  it('is rejected at an invalid scale', async () => {
    await expect(pngChart(plot(wave))({ fonts, scale: 1e6 })).rejects.toThrow(
      'scale must be a number from 0.25 to 10',
    );
  });
});

describe('saving and showing', () => {
  it.each(['svg', 'html', 'txt', 'json', 'png'])('writes .%s', async (extension) => {
    const path = join(folder, `chart.${extension.toUpperCase()}`);
    await plot(wave, {}, { save: saveChart }).save(path, { fonts });
    const start = (await readFile(path)).subarray(0, 400).toString('latin1');
    expect(start).toMatch(
      { svg: /^<svg /, html: /^<!doctype html>/, txt: /Wave/, json: /^\{"version":1/, png: /PNG/ }[
        extension
      ] as RegExp,
    );
  });

  it('says which extensions there are', async () => {
    await expect(saveChart(plot(wave))(join(folder, 'chart.gif'))).rejects.toThrow(
      'must end in .svg, .png, .html, .txt or .json',
    );
  });

  it('says which folder is missing, and what else is wrong with a path', async () => {
    const missing = join(folder, 'no', 'such');
    await expect(saveChart(plot(wave))(join(missing, 'chart.svg'))).rejects.toThrow(
      new ConfigError(
        `save: unknown folder ${JSON.stringify(missing)}; create it, or save to another`,
      ),
    );
    await expect(saveChart(plot(wave))(pathToFileURL(missing) as never)).rejects.toThrow(
      new ConfigError('save: the path must be a string, got a URL; pass fileURLToPath(url)'),
    );
    const taken = join(folder, 'folder.svg');
    await mkdir(taken);
    await expect(saveChart(plot(wave))(taken)).rejects.toThrow(
      `save: cannot write ${JSON.stringify(taken)}: EISDIR`,
    );
  });

  it('shows by writing a page and giving its path', async () => {
    const path = await showChart(plot(wave))({ open: false });
    expect(await readFile(path, 'utf8')).toContain('<svg');
    await rm(join(path, '..'), { recursive: true });
  });
});

describe('a chart as HTML', () => {
  it('allows its own script by hash and nothing besides', () => {
    const html = plot(wave).toHtml();
    const script = /<script type="module">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const digest = createHash('sha256').update(script).digest('base64');
    expect(html).toContain(
      `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src 'sha256-${digest}'`,
    );
    expect(html.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/(src|href)="?https?:/);
  });

  it('has no script at all when it is not to be interactive', () => {
    expect(plot(wave).toHtml({ interactive: false })).not.toContain('<script');
    expect(interactiveHtml(plot(wave))).toContain('<script type="module">');
  });

  it('carries a script that is up to date with its source', async () => {
    expect(/hash: string = '([^']*)'/.exec(await generate())?.[1]).toBe(hash);
  });

  it('carries every point, bit by bit, up to the limit, and the outline above it', () => {
    const statuses = { indexes: Uint32Array.of(3), codes: Uint32Array.of(0x80000000) };
    const model = modelOf(plot({ ...wave, statuses }));
    const same = decodeModel(encodeModel(model, 1000));
    expect(same.series[0]).toEqual({ ...model.series[0], low: undefined, high: undefined });
    expect(same.zone.name).toBe('UTC');
    const long = Float64Array.from({ length: 100_000 }, (_, index) => START + index);
    const few = decodeModel(
      encodeModel(
        modelOf(plot({ timestamps: long, values: long.map((_, index) => index % 97) })),
        1000,
      ),
    );
    expect(few.series[0]?.timestamps.length).toBeLessThan(1100);
    expect(same.zone.describe(same.start, same.end)).toBe('UTC');
    expect(few.zone.describe(few.start, few.end)).toBe(
      `${few.series[0]?.timestamps.length} of 100,000 points · UTC`,
    );
  });
});

describe('hostile names', () => {
  const chart = plot([{ ...wave, name: HOSTILE }, wave], {
    title: HOSTILE,
    events: [{ type: HOSTILE, startTime: START }],
  });
  it.each([
    ['SVG', () => chart.toSvg()],
    ['HTML', () => chart.toHtml()],
    [
      'a notebook',
      () =>
        JSON.stringify(
          (chart as unknown as Record<symbol, () => object>)[Symbol.for('Jupyter.display')]?.(),
        ),
    ],
    ['a terminal', () => chart.toText()],
    ['one line', () => String(chart)],
  ])('are inert in %s', (_, render) => {
    const text = render();
    expect(text).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|\ud800(?![\udc00-\udfff])/,
    );
    expect(text).toContain('HYPERLINK');
  });

  it('do not become elements in SVG and HTML', () => {
    expect(`${chart.toSvg()}${chart.toHtml({ interactive: false })}`).not.toMatch(/<(img|script)/);
  });

  it('leave a page with the two scripts that it has', () => {
    expect(chart.toHtml().match(/<script/g)).toHaveLength(2);
    expect(chart.toHtml().match(/<\/script/g)).toHaveLength(2);
  });
});

describe('a chart as text', () => {
  it('draws a line in braille with axis, dates, zone and legend', () => {
    expect(
      plot({ ...wave, values: timestamps.map((_, index) => index) }, { title: 'Ramp' }).toText({
        columns: 44,
        rows: 6,
      }),
    ).toMatchInlineSnapshot(`
      "    Ramp
         │                                  ⢀⣀⣀⠤⠔⠒
      40 ┤                           ⢀⣀⣀⠤⠔⠒⠉⠁
         │                    ⣀⣀⠤⠤⠒⠒⠉⠁
      20 ┤             ⣀⡠⠤⠒⠒⠊⠉
         │     ⢀⣀⡠⠤⠒⠊⠉⠉
       0 ┤⠤⠔⠒⠉⠉⠁
         └┴───────────────────────┴───────────────
          00:00                 00:30
          Thu, 1 Jan 2026  UTC
          ⣀⣤ Wave [bar]"
    `);
  });

  it('gives each unit an axis of its own, over one time axis, unless they are to share one', () => {
    const flow = {
      ...wave,
      id: 2,
      name: 'Flow',
      unit: 'm3/h',
      values: timestamps.map((_, index) => 2000 - index * 20),
    };
    const level = { ...wave, name: 'Level', values: timestamps.map((_, index) => index) };
    const sizes = { columns: 44, rows: 8 };
    expect(plot([level, flow]).toText(sizes)).toMatchInlineSnapshot(`
      "       bar
            │                             ⣀⣀⣀⠤⠤⠔⠒A
         40 ┤                  ⢀⣀A⡠⠤⠤⠒⠒⠒⠉A
         20 ┤        ⣀⣀⡠⠤A⠔⠒⠊⠉⠉⠁
          0 ┤⠤⠤⠤⠒A⠉⠉⠉
             m3/h
      2,000 ┤⠒⠒⠢⠤B⣀⣀⣀
            │        ⠉⠉⠒⠒B⠤⠤⢄⣀⣀⡀
      1,500 ┤                  ⠈⠉B⠑⠒⠢⠤⠤⢄⣀B
      1,000 ┤                             ⠉⠉⠉⠒⠒⠤⠤B
            └┴─────────────────────┴──────────────
             00:00               00:30
             Thu, 1 Jan 2026  UTC
             A Level [bar]
             B Flow [m3/h]"
    `);
    // Characters have no room for several axes.
    expect(plot([level, flow], { units: 'overlay' }).toText(sizes)).toBe(
      plot([level, flow]).toText(sizes),
    );
    const rows = (text: string): number =>
      text.split('\n').filter((line) => /[│┤]/.test(line)).length;
    expect(rows(plot([level, flow]).toText({ rows: 16 }))).toBe(16);
    expect(rows(plot([level, flow]).toText({ rows: 4 }))).toBe(8);
  });

  it('keeps to a given range, also where a value is far outside of it', () => {
    const values = timestamps.map((_, index) => (index === 25 ? 1e300 : index));
    const text = plot({ ...wave, values }, { valueRange: [0, 40] }).toText({
      columns: 44,
      rows: 6,
    });
    expect(text).toMatch(/^40 ┤/m);
    expect(text).not.toMatch(/^60 ┤|×10/m);
  });

  it('has letters on its lines where colours do not tell them apart', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...wave,
        id: index,
        name: `wave ${index}`,
        values: timestamps.map((_, at) => index + Math.sin(at / 5)),
      }));
    const [one, two] = [plot(many(2)).toText(), plot(many(2)).toText({ color: true })];
    for (const letter of ['A', 'B']) {
      expect(one).toContain(`${letter} wave ${letter === 'A' ? 0 : 1} [bar]`);
      expect(one.split('wave 0')[0]?.split(letter).length).toBeGreaterThan(4);
    }
    expect(two).not.toContain('A\u001b');
    expect(plot(many(9)).toText({ color: true })).toContain('\u001b[34mI\u001b[39m wave 8');
  });

  it('colours only when asked to', () => {
    expect(plot(wave).toText()).not.toContain('\u001b');
    expect(plot(wave).toText({ color: true })).toContain('\u001b[34m');
  });

  it('offers users what is theirs, and not what it is made of', () => {
    // @ts-expect-error for users it is toJSON()
    expect(plot(wave).model).toBeDefined();
    // @ts-expect-error for users it is `update` of a mounted chart
    expect(plot(wave).remodel).toBeTypeOf('function');
  });

  it('is one line in a console', () => {
    const line = 'Chart "Wave": 1 series, 50 points, 1 Jan 2026, 00:00 to 00:49 (UTC)';
    expect(String(plot(wave))).toBe(line);
    expect(inspect(plot(wave))).toBe(line);
  });
});

describe('doors to other libraries', () => {
  it('gives all data as versioned JSON, with null where there is no value', () => {
    const values = Float64Array.from(timestamps, (_, index) => (index === 1 ? Number.NaN : index));
    const spec = JSON.parse(JSON.stringify(plot({ ...wave, values })));
    expect(spec).toMatchObject({
      version: 1,
      title: 'Wave',
      timeZone: 'UTC',
      window: { start: START, end: timestamps.at(-1) },
    });
    expect(spec.series[0].values.slice(0, 3)).toEqual([0, null, 2]);
    expect(spec.series[0].timestamps).toEqual([...timestamps]);
  });

  it('gives a Vega-Lite specification: a layer for each series, a panel for each unit', () => {
    const spec = plot([
      wave,
      { ...wave, id: 2, name: 'Step', isStep: true },
      { ...wave, id: 3, name: 'Heat', unit: '°C' },
    ]).toVegaLite();
    const panels = spec.vconcat as {
      layer: { mark: object; encoding: { y: object }; data: { values: object[] } }[];
    }[];
    expect(panels.map(({ layer }) => layer.length)).toEqual([2, 1]);
    expect(panels[0]?.layer[1]?.mark).toEqual({ type: 'line', interpolate: 'step-after' });
    expect(panels[1]?.layer[0]?.encoding.y).toMatchObject({ title: '°C', scale: { zero: false } });
    expect(panels[0]?.layer[0]?.data.values[0]).toEqual({ time: START, value: 0 });
  });
});
