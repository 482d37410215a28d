import { badRequest } from '../errors.js';
import type { CompiledSource } from '../schema/compiled-view.js';
import { containerKey } from '../schema/keys.js';
import type { Schema } from '../schema/schema.js';
import type { Value } from '../schema/values.js';
import { checkWritableSpaces } from '../schema/writer.js';
import type { InstanceStore } from './instance-store.js';
import type { Planned } from './planned.js';

interface Models {
  readonly schema: Schema;
  readonly instances: InstanceStore;
}

interface Creation {
  readonly autoCreateDirectRelations?: boolean | undefined;
  readonly autoCreateStartNodes?: boolean | undefined;
  readonly autoCreateEndNodes?: boolean | undefined;
}

/** The relations of a container that lead to nodes. */
interface Relation {
  readonly code: string;
  readonly identifier: string;
  readonly isList: boolean;
  /** The code of the container in which targets must have data. */
  readonly target: string | undefined;
  readonly targetName: string;
}

/**
 * The keys of the nodes that the request refers to and that have to be made; refuses those that may
 * not be.
 */
export function missingNodes(
  models: Models,
  planned: readonly Planned[],
  options: Creation,
): string[] {
  const { schema, instances } = models;
  const {
    autoCreateDirectRelations = true,
    autoCreateStartNodes = false,
    autoCreateEndNodes = false,
  } = options;
  const own = new Map(planned.map((each) => [each.key, each]));
  const missing = new Set<string>();
  const relationsOf = relationFinder(schema);
  const exists = (key: string): boolean =>
    own.get(key)?.instanceType === 'node' ||
    (instances.get(key)?.instanceType === 'node' && !own.has(key));
  const isEdge = (key: string): boolean =>
    (own.get(key) ?? instances.get(key))?.instanceType === 'edge';
  const need = (key: string, mayCreate: boolean, role: string): void => {
    if (exists(key)) return;
    if (own.has(key) || instances.get(key) !== undefined)
      throw badRequest(`The instance '${key}' is an edge; ${role} must be a node.`);
    if (!mayCreate) throw doesNotExist(key, role);
    missing.add(key);
  };
  for (const each of planned) {
    if (each.type !== undefined && each.type !== each.before?.type)
      need(each.type, autoCreateDirectRelations, 'the type of an instance');
    if (each.instanceType === 'edge' && each.before === undefined) {
      need(each.start ?? '', autoCreateStartNodes, 'the start node of an edge');
      need(each.end ?? '', autoCreateEndNodes, 'the end node of an edge');
    }
    for (const code of each.touched) {
      const [row, before] = [each.data[code], each.before?.data[code]];
      if (row === undefined || row === before) continue;
      for (const relation of relationsOf(code)) {
        const value = row[relation.identifier];
        if (value === undefined || value === before?.[relation.identifier]) continue;
        for (const key of (relation.isList ? value : [value]) as readonly string[]) {
          if (relation.target === undefined || isEdge(key))
            need(key, autoCreateDirectRelations, 'the target of a direct relation');
          else checkTargetData(key, relation, own.get(key)?.data ?? instances.get(key)?.data);
        }
      }
    }
  }
  checkWritableSpaces(
    schema,
    [...missing].map((key) => key.slice(0, key.indexOf(':'))),
  );
  return [...missing];
}

function checkTargetData(
  key: string,
  { target, targetName, identifier }: Relation,
  data: Readonly<Record<string, Readonly<Record<string, Value>>>> | undefined,
): void {
  if (data === undefined) throw doesNotExist(key, 'the target of a direct relation');
  if (data[target as string] === undefined)
    throw badRequest(
      `Node with external id '${externalIdOf(key)}' was referenced by '${identifier}', but it has no data in container '${targetName}'.`,
    );
}

function doesNotExist(key: string, role: string): Error {
  return badRequest(
    `Node with external id '${externalIdOf(key)}' was referenced as ${role}, but it does not exist.`,
  );
}

function externalIdOf(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

function relationFinder(schema: Schema): (code: string) => readonly Relation[] {
  const found = new Map<string, readonly Relation[]>();
  return (code) => {
    let relations = found.get(code);
    if (relations === undefined) {
      relations = relationsOf(schema, schema.containerOfCode(code));
      found.set(code, relations);
    }
    return relations;
  };
}

function relationsOf(schema: Schema, container: CompiledSource | undefined): Relation[] {
  return [...(container?.properties.values() ?? [])].flatMap(
    ({ code, identifier, property: { type } }) => {
      if (type.type !== 'direct') return [];
      const target =
        type.container === undefined
          ? undefined
          : schema.containers.get(containerKey(type.container));
      const targetName = type.container === undefined ? '' : containerKey(type.container);
      return [{ code, identifier, isList: type.list === true, target: target?.code, targetName }];
    },
  );
}
