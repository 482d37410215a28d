import { ConfigError } from '../errors.js';
import { isLiteral } from './is-literal.js';
import { quoted } from './text.js';

/**
 * What an argument is that may be a node, as what every node has tells. One of a class has methods,
 * as it was read: none of its members is an option. A literal may be a node, or a copy of one that
 * has options besides.
 */
export function nodeForm(item: unknown): 'read' | 'copy' | undefined {
  const { space, createdTime, version } = Object(item) as Record<string, unknown>;
  if (space === undefined || (createdTime === undefined && version === undefined)) return undefined;
  return isLiteral(item as object) ? 'copy' : 'read';
}

/**
 * What a call says of one resource, without the members of a node: these are properties of a view,
 * and one that is called like an option is none.
 *
 * @param options has every name of an option as a key
 * @throws {ConfigError} for a member of a copy that is called like an option: which of the two it
 *   is cannot be told.
 */
export function withoutNode<I extends object>(item: I, options: object, what: string): I {
  const form = nodeForm(item);
  if (form === undefined) return item;
  if (form === 'copy')
    for (const [name, value] of Object.entries(item))
      if (Object.hasOwn(options, name) && value !== undefined && value !== null)
        throw new ConfigError(
          `${what}: ${quoted(name)} may be an option or a property of the node; write { instanceId: node, ${name}: … }`,
        );
  const { space, externalId } = item as Record<string, unknown>;
  return { instanceId: { space, externalId } } as unknown as I;
}
