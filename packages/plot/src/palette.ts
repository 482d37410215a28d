/** How a chart looks: `auto` follows the reader's system in SVG and HTML, and is light in a PNG. */
export type Theme = 'light' | 'dark' | 'auto';

export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly alert: string;
  readonly series: readonly string[];
}

/**
 * Eight colours that stay at least 3:1 from the background and at least ΔE2000 12 from each other,
 * for normal, protanopic, deuteranopic and tritanopic vision. The tests measure it.
 */
export const LIGHT: Palette = {
  background: '#ffffff',
  text: '#1f2328',
  muted: '#59636e',
  grid: '#e4e7ea',
  axis: '#8c959f',
  alert: '#b3261e',
  series: ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#333333', '#783000', '#480060', '#0000CC'],
};

/** The same on a dark background. */
export const DARK: Palette = {
  background: '#15181d',
  text: '#e6edf3',
  muted: '#9da7b3',
  grid: '#2b313a',
  axis: '#6e7781',
  alert: '#ff8a80',
  series: ['#56B4E9', '#D55E00', '#009E73', '#CC79A7', '#FFFFFF', '#903CC0', '#FCD800', '#B4D8A8'],
};

/** Beyond eight series the colours repeat and the dashes differ. @unit pixels */
export function dashOf(series: number): readonly number[] {
  return [[], [7, 3], [2, 3], [9, 3, 2, 3]][(series >> 3) & 3] as number[];
}

export type Paint = 'fill' | 'stroke';

/**
 * The attributes that paint in a colour of a palette. Not every renderer inherits `currentColor`,
 * so it is said where the colour is; the dark rules find it by its colour.
 */
export function tone(color: string, paint: Paint): string {
  return `color="${color}" ${paint}="currentColor"`;
}

/** A series, what else a palette has a colour for, or a colour itself: `#rrggbb`. */
export type ColorName = number | 'alert' | 'background' | 'muted' | 'axis' | `#${string}`;

/** The colour of a series, its own or one of the palette; or the one with a name. */
export function seriesColor(name: ColorName, colors: Palette, own: Colors = []): string {
  return typeof name === 'number'
    ? (own[name] ?? (colors.series[name % 8] as string))
    : (colors[name as 'alert'] ?? name);
}

/** The colour of each series; undefined where the palette decides. */
export type Colors = readonly (string | undefined | null)[];

/** The attributes that paint in a colour. One that the user chose stays as it is in the dark. */
export function seriesTone(
  name: ColorName,
  paint: Paint,
  colors: Palette,
  own: Colors = [],
): string {
  const color = seriesColor(name, colors, own);
  return (typeof name === 'number' ? own[name] : name === color)
    ? `${paint}="${color}"`
    : tone(color, paint);
}

/**
 * Rules that turn a light chart dark where the reader's system is dark. The text is always the
 * same, so that a content security policy can allow it by its hash.
 */
export function darkRules(): string {
  const dark = Object.values(DARK).flat();
  const rules = Object.values(LIGHT)
    .flat()
    .map((color, index) => `.cdf-chart [color="${color}"]{color:${dark[index]}}`);
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}
