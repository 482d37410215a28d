import { ConfigError } from '../errors.js';
import { isLiteral } from './is-literal.js';
import { quoted } from './text.js';

/**
 * What an argument is that may be a node: an object of a class with a `space` is one as it was read;
 * a literal with what every node has is a copy, which may have options beside the node's members.
 */
export function nodeForm(item: unknown): 'read' | 'copy' | undefined {
  const { space, createdTime, version } = Object(item) as Record<string, unknown>;
  if (space === undefined) return undefined;
  if (!isLiteral(item as object)) return 'read';
  return createdTime === undefined && version === undefined ? undefined : 'copy';
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
