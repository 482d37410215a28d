import { plot } from '@cdf/plot';
const [kind, ...rest] = process.argv.slice(2);
const t0 = performance.now();
const mk = (ts: number[], vs: number[], o: object = {}) => plot({ name: 'p', timestamps: Float64Array.from(ts), values: Float64Array.from(vs) }, o as never);
const run = (name: string, f: () => string) => { const t = performance.now(); try { const s = f(); console.log(name, s.length, Math.round(performance.now() - t), 'ms', JSON.stringify([...s.matchAll(/<text[^>]*>([^<]*)/g)].map((m) => m[1])).slice(0, 300)); } catch (e) { console.log(name, 'threw', (e as Error).name, (e as Error).message.slice(0, 200)); } };
const cases: Record<string, () => string> = {
  micro: () => mk([1.7e15, 1.7000001e15], [1, 2]).toSvg(),
  years: () => mk([-62135596800000, 253402300799999], [1, 2]).toSvg(),
  whole: () => mk([-8.64e15, 8.64e15], [1, 2]).toSvg(),
  wholeOslo: () => mk([-8.64e15, 8.64e15], [1, 2], { timeZone: 'Europe/Oslo' }).toSvg(),
  edge: () => mk([8.64e15], [1]).toSvg(),
  nano: () => mk([1.7e18, 1.8e18], [1, 2]).toSvg(),
  phone: () => mk([0, 1e12], [1, 2], { width: 200 }).toSvg(),
  apia: () => mk([Date.UTC(2011, 11, 27), Date.UTC(2012, 0, 3)], [1, 2], { timeZone: 'Pacific/Apia' }).toSvg(),
  apia2: () => mk([Date.UTC(2011, 11, 30), Date.UTC(2011, 11, 30, 20)], [1, 2], { timeZone: 'Pacific/Apia' }).toSvg(),
  kwaj: () => mk([Date.UTC(1993, 7, 19), Date.UTC(1993, 7, 24)], [1, 2], { timeZone: 'Pacific/Kwajalein' }).toSvg(),
  oslo: () => mk([Date.UTC(2026, 9, 24, 23), Date.UTC(2026, 9, 25, 4)], [1, 2], { timeZone: 'Europe/Oslo' }).toSvg(),
  huge: () => mk([0, 1], [-1e308, 1e308]).toSvg(),
  hugeOne: () => mk([0, 1], [1.7e308, 1.79e308]).toSvg(),
  unsorted: () => mk([5, 1, 3], [1, 2, 3]).toSvg(),
  len: () => mk([1, 2, 3], [1, 2]).toSvg(),
  nan: () => mk([1, NaN, 3], [1, 2, 3]).toSvg(),
  empty: () => mk([], []).toSvg(),
  emptylist: () => plot([]).toSvg(),
  text: () => mk([-8.64e15, 8.64e15], [1, 2]).toText(),
};
for (const [n, f] of Object.entries(cases)) if (kind === undefined || kind === n) run(n, f);
