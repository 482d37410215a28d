import { describe, expect, it } from 'vitest';
import { STATE_COLORS } from '../src/marks/state-timeline.js';
import { DARK, dashOf, LIGHT } from '../src/palette.js';
import { contrast, difference, type Vision } from './color-vision.js';

const visions: readonly Vision[] = ['normal', 'protanopia', 'deuteranopia', 'tritanopia'];

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s palette', (_, { series, background, text, muted, alert }) => {
  it('has a contrast of 3 for lines and 4.5 for text', () => {
    for (const color of series) expect(contrast(color, background)).toBeGreaterThanOrEqual(3);
    for (const color of [text, muted, alert])
      expect(contrast(color, background)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(visions)('keeps eight series apart for %s vision', (vision) => {
    for (const [index, one] of series.entries())
      for (const other of series.slice(index + 1))
        expect(difference(one, other, vision), `${one} and ${other}`).toBeGreaterThanOrEqual(12);
  });
});

describe('the colours of states', () => {
  it('have a contrast of 3 on light and dark', () => {
    for (const color of STATE_COLORS)
      for (const { background } of [LIGHT, DARK])
        expect(contrast(color, background), color).toBeGreaterThanOrEqual(3);
  });

  it.each(visions)('keep eight states apart for %s vision', (vision) => {
    for (const [index, one] of STATE_COLORS.entries())
      for (const other of STATE_COLORS.slice(index + 1))
        expect(difference(one, other, vision), `${one} and ${other}`).toBeGreaterThanOrEqual(10);
  });
});

it('series beyond the eighth are dashed', () => {
  expect([0, 7].map(dashOf)).toEqual([[], []]);
  expect(new Set([0, 8, 16, 24].map((series) => String(dashOf(series)))).size).toBe(4);
});
