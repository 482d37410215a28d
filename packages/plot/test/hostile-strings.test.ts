import { EmptyDataError } from '@cdf/core';
import {
  type ChartSource,
  histogram,
  type PlotOptions,
  plot,
  scatter,
  stateTimeline,
} from '@cdf/plot';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const long = process.env.CDF_TEST_LONG === '1';

/** Pieces that mean something to a parser of markup, a terminal or a reader of the page. */
const PIECES = [
  '<script>',
  '</script>',
  '</svg>',
  '<img src=x onerror=alert(1)>',
  ']]>',
  '<!--',
  '-->',
  '&lt;',
  '&#60;',
  '"',
  "'",
  '`',
  '" onload="alert(1)',
  'javascript:',
  '\u001b[31m',
  '\u001b]8;;http://x\u0007',
  '\u009b2J',
  '\u0000',
  '\b',
  '\r\n',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ud800',
  '\uffff',
  '😀',
  'é',
  'pump',
];
const hostile = fc.string({
  unit: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })),
  maxLength: 8,
});

/** Every tag of a document that is not one of ours, or has what runs. */
function activeIn(markup: string, ours: RegExp): string[] {
  const tags = markup.match(/<[^>]*>/g) ?? [];
  return tags.filter(
    (tag) => !ours.test(tag) || /\son\w+\s*=|javascript:/i.test(tag.replace(/"[^"]*"/g, '""')),
  );
}

const SVG = /^<\/?(svg|title|desc|style|g|path|clipPath|text|rect)(\s[\w:-]+="[^"<>]*")*\s*\/?>$/;
const PAGE =
  /^<(!doctype html|\/?(html|head|meta|title|style|body|main|script|svg|desc|g|path|clipPath|text|rect)(\s[\w:-]+="[^"<>]*")*\s*\/?)>$/;

it('random strings as names, units and labels are inert in SVG, HTML, terminals and messages', () => {
  const texts = fc.record({
    name: hostile,
    externalId: hostile,
    unit: hostile,
    title: hostile,
    description: hostile,
    valueLabel: hostile,
    type: hostile,
    label: hostile,
  });
  fc.assert(
    fc.property(
      texts,
      ({ name, externalId, unit, title, description, valueLabel, type, label }) => {
        const data = {
          name,
          externalId,
          unit,
          timestamps: Float64Array.of(0, 1000),
          values: Float64Array.of(1, 2),
        };
        const other: ChartSource = {
          ...data,
          name: label,
          timestamps: Float64Array.of(0),
          values: ['on'],
        };
        const options: PlotOptions = {
          ...{ title, description, valueLabel },
          events: [{ startTime: 0, endTime: 500, type, subtype: name, description: title }],
          thresholds: [{ value: 1.5, label }],
        };
        const chart = plot([data, other], options);
        const svg = chart.toSvg();
        expect(activeIn(svg, SVG)).toEqual([]);
        expect(svg).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}]/u);
        const html = chart.toHtml();
        // Our script and the data beside it, and nothing else that runs.
        expect(html.match(/<script/g)?.length).toBe(2);
        expect(html.match(/<\/script/g)?.length).toBe(2);
        const outside = html.replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');
        expect(activeIn(outside, PAGE)).toEqual([]);
        const text = `${chart.toText()}${chart}`;
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}]/u);
        const states: ChartSource = {
          name,
          isString: true,
          timestamps: Float64Array.of(0, 500),
          values: [type, title],
        };
        const marked = [
          plot([{ ...data, name: label }, data], { title, description, valueLabel, mark: scatter }),
          plot(data, { title, description, valueLabel, mark: histogram }),
          plot([states, data], { ...options, mark: stateTimeline }),
        ];
        for (const each of marked) {
          expect(activeIn(each.toSvg(), SVG)).toEqual([]);
          expect(each.toSvg()).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}]/u);
          expect(`${each.toText()}${each}`.replaceAll('\n', '')).not.toMatch(
            /[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}]/u,
          );
          expect(each.toHtml().match(/<\/?script/g)?.length).toBe(4);
        }
        const empty = { ...data, timestamps: new Float64Array(), values: new Float64Array() };
        try {
          plot(empty, options);
          expect.unreachable();
        } catch (error) {
          if (!EmptyDataError.isInstance(error)) throw error;
          expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}]/u);
        }
      },
    ),
    { numRuns: long ? 10_000 : 60 },
  );
});
