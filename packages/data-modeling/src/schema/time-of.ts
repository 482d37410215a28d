import type { PropertyDefinition } from '../view/definition.js';
import { TIMESTAMP } from '../view/readings.js';

/** No property of a view: no time needs more than its text. */
const PROPERTY = { kind: 'timestamp', list: false } as PropertyDefinition;

/**
 * A time of the schema, as times of nodes are read: UTC where its text has no zone. NaN where it is
 * not a time.
 */
export function timeOf(value: unknown): number {
  const time: unknown = TIMESTAMP.decoder(PROPERTY, 'epoch')(value);
  return typeof time === 'number' ? time : Number.NaN;
}
