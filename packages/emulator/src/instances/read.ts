import { exactJsonText } from '../http/exact-json.js';
import { JsonText } from '../http/route.js';
import { viewCondition } from '../query/filter.js';
import { sourcesCheck } from '../query/sources.js';
import { containerReference, instanceKey } from '../schema/keys.js';
import { newestVersions } from '../schema/listing.js';
import type { ContainerReference, ViewReference } from '../schema/model.js';
import { instanceExternalId, spaceName } from '../schema/names.js';
import type { State } from '../state.js';
import { array, boolean, type Check, needed, object, oneOf, parse } from '../validation/schema.js';
import type { Entry, InstanceType } from './entry.js';
import type { SelectedSource, Selections } from './selection.js';

const MAX_ITEMS = 1000;

interface Key {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
}

const keyCheck: Check<Key> = object({
  instanceType: needed(oneOf('node', 'edge')),
  space: needed(spaceName),
  externalId: needed(instanceExternalId),
});
const items = needed(array(keyCheck, { min: 1, max: MAX_ITEMS }));

const byIdsCheck = object({ items, sources: sourcesCheck, includeTyping: boolean }) as Check<{
  items: Key[];
  sources?: SelectedSource[];
  includeTyping?: boolean;
}>;
const inspectCheck = object({
  items,
  inspectionOperations: needed(
    object({
      involvedViews: object({ allVersions: boolean }),
      involvedContainers: object({ allVersions: boolean }),
    }),
  ),
});

/**
 * POST /models/instances/byids: those that exist and are seen through all sources, in the order
 * asked.
 */
export function instancesByIds(state: State, selections: Selections, body: unknown): JsonText {
  const { items: keys, sources, includeTyping } = parse(byIdsCheck, body);
  const selection = selections.get(sources);
  const conditions = (['node', 'edge'] as const).map((instanceType) => {
    const context = { schema: state.schema, instances: state.instances, instanceType };
    return selection.views.map((view) => viewCondition(view, context));
  });
  const isSeen = (entry: Entry): boolean =>
    (conditions[entry.instanceType === 'node' ? 0 : 1] ?? []).every(({ test }) => test(entry));
  const texts = found(state, keys).filter(isSeen).map(selection.textOf);
  const typing = includeTyping === true ? `,"typing":${exactJsonText(selection.typing())}` : '';
  return new JsonText(`{"items":[${texts.join(',')}]${typing}}`);
}

/**
 * POST /models/instances/inspect: the containers in which instances have data, and the views that
 * show them.
 */
export function inspectInstances(state: State, body: unknown): object {
  const { items: keys, inspectionOperations } = parse(inspectCheck, body);
  const { involvedViews, involvedContainers } = inspectionOperations;
  const views =
    involvedViews === undefined ? undefined : viewTests(state, involvedViews.allVersions ?? false);
  return {
    items: found(state, keys).map((entry) => ({
      instanceType: entry.instanceType,
      externalId: entry.externalId,
      space: entry.space,
      inspectionResults: {
        ...(views === undefined ? {} : { involvedViews: views(entry) }),
        ...(involvedContainers === undefined
          ? {}
          : { involvedContainers: containersOf(state, entry) }),
      },
    })),
  };
}

function found({ instances }: State, keys: readonly Key[]): Entry[] {
  const entries = keys.flatMap((key) => {
    const entry = instances.get(instanceKey(key));
    return entry?.instanceType === key.instanceType ? [entry] : [];
  });
  return [...new Set(entries)];
}

function containersOf({ schema }: State, { data }: Entry): ContainerReference[] {
  return Object.keys(data).flatMap((code) => {
    const container = schema.containerOfCode(code)?.containers[0];
    return container === undefined ? [] : [containerReference(container.body)];
  });
}

/** Views whose mapped containers all have data of an instance. */
function viewTests({ schema }: State, allVersions: boolean): (entry: Entry) => ViewReference[] {
  const stored = allVersions ? schema.views.all() : newestVersions(schema.views.all());
  const views = [...stored]
    .flatMap(({ body }) => schema.view(body) ?? [])
    .filter(({ codes }) => codes.length > 0);
  return ({ data }) =>
    views
      .filter(({ codes }) => codes.every((code) => data[code] !== undefined))
      .map(({ reference }) => reference);
}
