import { badRequest } from '../errors.js';
import type { Entry, InstanceType } from '../instances/entry.js';
import type { Direction, SetStep } from './query-body.js';

/** The result of a step, before it is cut into pages. */
export interface Members {
  readonly instanceType: InstanceType;
  readonly entries: readonly Entry[];
  /** In which direction edges were walked. */
  readonly direction: Direction;
}

/** The members of a set operation, in the order of its parts. */
export function setMembers(
  { operation, members, except }: SetStep,
  resultOf: (name: string) => Members,
  nested: (step: SetStep) => Members,
): Members {
  const parts = members.map((member) =>
    typeof member === 'string' ? resultOf(member) : nested(member),
  );
  const removed = except.map(resultOf);
  const [first] = parts;
  const { instanceType = 'node', direction = 'outwards' } = first ?? {};
  if ([...parts, ...removed].some((part) => part.instanceType !== instanceType))
    throw badRequest(`The members of '${operation}' must be all nodes or all edges.`);
  const gone = new Set(removed.flatMap(({ entries }) => entries));
  const kept = combined(
    operation,
    parts.map(({ entries }) => entries),
  ).filter((entry) => !gone.has(entry));
  return { instanceType, direction, entries: kept };
}

function combined(operation: SetStep['operation'], parts: readonly (readonly Entry[])[]): Entry[] {
  if (operation === 'unionAll') return parts.flat();
  if (operation === 'union') return [...new Set(parts.flat())];
  const [first = [], ...rest] = parts.map((part) => new Set(part));
  return [...first].filter((entry) => rest.every((part) => part.has(entry)));
}
