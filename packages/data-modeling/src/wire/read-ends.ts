import { typeName } from '@cdf/core/resource';
import { Problem, toName } from '../view/readings.js';
import { type WireInstance, wrong } from './reader.js';

/**
 * Adds the type and the ends of an edge to what is read of it.
 *
 * @throws {DecodeError} when one of them is not the name of a node
 */
export function readEnds(item: WireInstance, read: Record<string, unknown>, label: string): void {
  for (const name of ['type', 'startNode', 'endNode'] as const) {
    const end = toName(item[name]);
    if (end instanceof Problem)
      throw wrong(label, item, `${name} of the edge is ${typeName(item[name])}`);
    read[name] = end;
  }
}
