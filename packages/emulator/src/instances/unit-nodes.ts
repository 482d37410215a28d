import { CORE_CODES } from '../schema/core.js';
import type { Value } from '../schema/values.js';
import { allUnits } from '../units/catalog.js';
import type { Entry } from './entry.js';

/** The space of the units of the catalogue. Each unit is a node in every project. */
export const UNIT_SPACE = 'cdf_cdm_units';
const RELEASED = Date.UTC(2024, 9, 1);

let nodes: ReadonlyMap<string, Entry> | undefined;

/**
 * The units as nodes, by their keys; made at first use. Their places are below those of all others.
 */
export function unitNodes(): ReadonlyMap<string, Entry> {
  if (nodes !== undefined) return nodes;
  const all = [...allUnits().values()];
  nodes = new Map(
    all.map(({ unit }, index) => {
      const { externalId, name, longName, symbol, quantity, source, sourceReference } = unit;
      const key = `${UNIT_SPACE}:${externalId}`;
      const described = withoutNull({ name, description: longName });
      const values = withoutNull({ symbol, quantity, source, sourceReference });
      const entry: Entry = {
        instanceType: 'node',
        space: UNIT_SPACE,
        externalId,
        key,
        seq: index - all.length,
        change: 0,
        version: 1,
        createdTime: RELEASED,
        lastUpdatedTime: RELEASED,
        deletedTime: undefined,
        type: undefined,
        start: undefined,
        end: undefined,
        data: { [CORE_CODES.describable]: described, [CORE_CODES.unit]: values },
        cached: undefined,
      };
      return [key, entry];
    }),
  );
  return nodes;
}

function withoutNull(values: Readonly<Record<string, string | null>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter((each): each is [string, string] => each[1] !== null),
  );
}
