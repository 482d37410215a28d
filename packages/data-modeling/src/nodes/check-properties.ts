import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import type { InstanceScope } from './instance-scope.js';

/** Nodes or groups that one answer has. */
export const MOST_ANSWERED = 1_000;
const EXTERNAL_ID = { kind: 'text', list: false } as const;

/** @throws {ConfigError} for a limit that one answer cannot have */
export function checkLimit(limit: unknown, what: string): void {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MOST_ANSWERED)
    throw new ConfigError(
      `${what}: limit must be a whole number from 1 to ${MOST_ANSWERED}, got ${describe(limit)}`,
    );
}

/** @throws {ConfigError} for the name of an unknown property, or of one that does not fit */
export function checkProperties(
  { view }: InstanceScope,
  names: readonly string[] | undefined,
  fits: (definition: Pick<PropertyDefinition, 'kind' | 'list'>) => boolean,
  rule: string,
  what: string,
): void {
  if (names === undefined) return;
  if (!Array.isArray(names))
    throw new ConfigError(`${what}: expected an array of properties, got ${describe(names)}`);
  const properties = propertiesOf(view);
  for (const name of names) {
    const definition = properties.get(name) ?? (name === 'externalId' ? EXTERNAL_ID : undefined);
    if (definition === undefined)
      throw new ConfigError(`${what}: unknown property ${quoted(String(name))}`);
    if (!fits(definition))
      throw new ConfigError(
        `${what}: ${rule}; ${quoted(name)} is ${definition.list ? 'a list' : `of kind ${definition.kind}`}`,
      );
  }
}
