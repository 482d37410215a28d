import { CdfError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import { describe } from '../wire/describe.js';
import { ownMembers } from '../wire/own-members.js';
import { toReference } from '../wire/values.js';
import { isRequired, MEMBERS, toWireProperty } from '../wire/writer-codec.js';
import type { AnyView, StandardResult } from './definition.js';
import { propertiesOf } from './properties.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly PropertyKey[];
}

const LONGEST_NAME = 256;

/** Checks what is to be written through a view. Each fault is an issue with its place. */
export function validate(view: AnyView, value: unknown): StandardResult<never> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { issues: [{ message: `expected an object, got ${describe(value)}` }] };
  const instance = view.options.usedFor === 'edge' ? 'edge' : 'node';
  const properties = propertiesOf(view);
  const members = MEMBERS[instance];
  const item = ownMembers(view, value as Readonly<Record<string, unknown>>, members);
  const known = { ...Object.fromEntries(properties), ...members };
  const issues: Issue[] = [
    ...nameIssues(item),
    ...(instance === 'edge' ? ['type', 'startNode', 'endNode'] : []).flatMap((name) =>
      issuesOf([name], () => toReference(item[name], '')),
    ),
    ...Object.keys(item).flatMap((name) => {
      const definition = properties.get(name);
      if (definition === undefined) return issuesOf([name], () => refuseUnknown([name], known, ''));
      return item[name] === undefined
        ? []
        : issuesOf([name], () => toWireProperty(definition, item[name], () => ''));
    }),
    ...[...properties]
      .filter(([name, definition]) => isRequired(definition) && !isGiven(item, name))
      .map(([name]) => ({ message: 'missing', path: [name] })),
  ];
  return issues.length === 0 ? { value: value as never } : { issues };
}

function isGiven(item: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(item, name) && item[name] !== undefined;
}

function nameIssues({ space, externalId }: Readonly<Record<string, unknown>>): Issue[] {
  const isName = (name: unknown, most: number): boolean =>
    typeof name === 'string' && name !== '' && name.length <= most && !name.includes('\0');
  const fault = (name: string, most: number, value: unknown): Issue[] =>
    isName(value, most)
      ? []
      : [
          {
            message: `expected a string of 1 to ${most} characters, got ${describe(value)}`,
            path: [name],
          },
        ];
  return [...fault('space', 43, space), ...fault('externalId', LONGEST_NAME, externalId)];
}

function issuesOf(path: readonly PropertyKey[], check: () => unknown): Issue[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!CdfError.isInstance(error)) throw error;
    // Elements of lists name their place first.
    const [, index, message = ''] = /^(?:\[(\d+)\])?:? ?(.*)$/s.exec(error.message) ?? [];
    return [{ message, path: index === undefined ? path : [...path, Number(index)] }];
  }
}
