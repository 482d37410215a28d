import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { airportHierarchy } from '../src/source/airports.js';
import { expected } from '../src/source/expected.js';
import { measurements, spells } from '../src/source/weather.js';

describe('the source data', () => {
  it('is expected by code that imports no @cdf package and nothing of the loader', () => {
    const text = readFileSync(new URL('../src/source/expected.ts', import.meta.url), 'utf8');
    const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
    expect(imported).toEqual(['node:crypto', 'node:fs', './csv.js']);
  });

  it('is loaded as it is expected: every series, every point', () => {
    const loaded = measurements(new Date('2026-05-01T00:00:00Z'));
    const truth = expected(2026);
    expect(loaded.map(({ externalId }) => externalId).sort()).toEqual(
      [...truth.series.keys()].sort(),
    );
    for (const { externalId, timestamps, values } of loaded) {
      const wanted = truth.series.get(externalId);
      expect(timestamps.length).toBe(wanted?.count);
      expect([timestamps[0], values[0]]).toEqual(wanted?.first);
      expect([timestamps.at(-1), values.at(-1)]).toEqual(wanted?.last);
      expect(
        timestamps.every((time, index) => index === 0 || time > (timestamps[index - 1] as number)),
      ).toBe(true);
    }
    expect(spells()).toHaveLength(truth.events);
    expect(truth.series.size).toBe(14);
  });

  it('has a hierarchy of more than three requests, each asset once, parents inside it', () => {
    const places = airportHierarchy();
    const known = new Set(places.map(({ externalId }) => externalId));
    expect(known.size).toBe(places.length);
    expect(places.length).toBeGreaterThan(3000);
    const parents = places.flatMap(({ parentExternalId }) => parentExternalId ?? []);
    expect(parents.filter((parent) => !known.has(parent))).toEqual([]);
  });
});
