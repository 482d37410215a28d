import type { Json } from '../../helpers.js';
import { keyOf, refuse, type State } from './state.js';

/** Checks uniqueness and requires of every container over all live instances. */
export function checkConstraints(state: State): void {
  for (const [key, { constraints }] of state.containers)
    for (const [id, constraint] of Object.entries<Json>(constraints)) {
      const holders = [...state.instances.values()].filter(({ rows }) => rows.has(key));
      if (constraint.constraintType === 'requires') {
        const lacking = holders.find(({ rows }) => !rows.has(keyOf(constraint.require)));
        if (lacking !== undefined)
          refuse(
            `The constraint '${id}' requires data of ${keyOf(lacking)} in ${keyOf(constraint.require)}`,
          );
        continue;
      }
      const seen = new Set<string>();
      for (const { space, rows } of holders) {
        const values = constraint.properties.map(
          (property: string) => rows.get(key)?.get(property) ?? null,
        );
        if (values.includes(null)) continue;
        const text = String(
          JSON.stringify([constraint.bySpace ? space : null, ...values], bigintText),
        );
        if (seen.has(text)) refuse(`The uniqueness constraint '${id}' is violated`);
        seen.add(text);
      }
    }
}

const bigintText = (_: string, value: Json): Json =>
  typeof value === 'bigint' ? `${value}n` : value;
