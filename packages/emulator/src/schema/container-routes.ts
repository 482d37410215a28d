import { badRequest } from '../errors.js';
import { postExact } from '../http/exact-route.js';
import { get, post, type Route } from '../http/route.js';
import { withStates } from '../instances/container-state.js';
import type { State } from '../state.js';
import { array, boolean, needed, object, parse, text } from '../validation/schema.js';
import { containerAnswer } from './answers.js';
import { type ContainerCreate, containerCheck } from './container-body.js';
import { upsertedContainer } from './container-upsert.js';
import { containerKey } from './keys.js';
import { flagOf, schemaPage, spaceOf, wordsOf } from './listing.js';
import type { Container, Stored } from './model.js';
import { schemaExternalId, spaceName } from './names.js';
import { removeMappings } from './store-views.js';
import { checkWritableSpaces, found, keysOf, remove, store } from './writer.js';

const MAX_ITEMS = 100;
const MAX_PARTS = 10;
const PATH = '/models/containers';

const containersCheck = object({
  items: needed(array(containerCheck, { min: 1, max: MAX_ITEMS })),
});
const key = { space: needed(spaceName), externalId: needed(schemaExternalId) };
const keysCheck = object({ items: needed(array(object(key), { min: 1, max: MAX_ITEMS })) });
const partsCheck = object({
  items: needed(
    array(
      object({
        space: needed(spaceName),
        containerExternalId: needed(schemaExternalId),
        identifier: needed(text({ min: 1, max: 255 })),
      }),
      { min: 1, max: MAX_PARTS },
    ),
  ),
});
const inspectCheck = object({
  items: needed(array(object(key), { min: 1, max: MAX_PARTS })),
  inspectionOperations: needed(
    object({
      involvedViews: object({ allVersions: boolean }),
      totalInvolvedViewCount: object({ allVersions: boolean, includeUnavailableViews: boolean }),
    }),
  ),
});

interface Part {
  readonly space: string;
  readonly containerExternalId: string;
  readonly identifier: string;
}

/** The endpoints under `/models/containers`. */
export function containerRoutes(state: State): Route[] {
  const { containers } = state.schema;
  return [
    postExact(PATH, (body, call) => {
      const { items } = parse(containersCheck, body);
      const stored = state.write(
        call.requestId,
        'containers',
        'create',
        () => upsert(state, items),
        keysOf,
      );
      return { items: stored.map(containerAnswer) };
    }),
    get(PATH, (call) => {
      const { query } = call;
      const space = spaceOf(query);
      const usedFor = wordsOf(query, 'usedFor', ['node', 'edge', 'all', 'record']) ?? [
        'node',
        'edge',
        'all',
      ];
      const all = containers
        .sorted(flagOf(query, 'includeGlobal', false))
        .filter(
          ({ body }) =>
            (space === undefined || body.space === space) && usedFor.includes(body.usedFor),
        );
      const { items, nextCursor } = schemaPage('containers', query, all);
      return { items: items.map(containerAnswer), nextCursor };
    }),
    post(`${PATH}/byids`, (body) => {
      const keys = parse(keysCheck, body).items.map(containerKey);
      return { items: found(containers, keys).map(containerAnswer) };
    }),
    post(`${PATH}/delete`, (body, call) => {
      const keys = parse(keysCheck, body).items.map(containerKey);
      const removed = state.write(
        call.requestId,
        'containers',
        'delete',
        () => {
          const deleted = remove(containers, keys);
          removeMappings(state.schema, new Set(deleted.map(({ externalId }) => externalId)));
          return deleted;
        },
        keysOf,
      );
      return { items: removed.map(({ body: { space, externalId } }) => ({ space, externalId })) };
    }),
    post(`${PATH}/constraints/delete`, (body, call) =>
      deleteParts(state, 'constraints', parse(partsCheck, body).items, call.requestId),
    ),
    post(`${PATH}/indexes/delete`, (body, call) =>
      deleteParts(state, 'indexes', parse(partsCheck, body).items, call.requestId),
    ),
    ...(['constraints', 'indexes', 'properties'] as const).map((part) =>
      post(`${PATH}/${part}/retry`, (body, call) =>
        retryParts(state, part, parse(partsCheck, body).items, call.requestId),
      ),
    ),
    post(`${PATH}/inspect`, (body) => {
      const { items, inspectionOperations } = parse(inspectCheck, body);
      return { items: items.flatMap((item) => inspected(state, item, inspectionOperations)) };
    }),
  ];
}

function upsert(state: State, items: readonly ContainerCreate[]): Stored<Container>[] {
  const { schema } = state;
  checkWritableSpaces(
    schema,
    items.map(({ space }) => space),
  );
  const now = state.clock.now();
  const stored = items.map((item) => {
    const before = schema.containers.get(containerKey(item));
    const after = upsertedContainer(item, before?.body);
    const body = before === undefined ? after : withStates(after, before.code as string, state);
    return store(schema.containers, containerKey(item), body, now);
  });
  // The containers that are named may be of the same request.
  for (const { body } of stored) {
    for (const constraint of Object.values(body.constraints))
      if (constraint.constraintType === 'requires') checkTarget(state, constraint.require);
    for (const { type } of Object.values(body.properties))
      if (type.container !== undefined) checkTarget(state, type.container);
  }
  return stored;
}

function checkTarget(
  { schema }: State,
  target: { readonly space: string; readonly externalId: string },
): void {
  if (schema.containers.get(containerKey(target)) === undefined)
    throw badRequest(`Target container '${containerKey(target)}' does not exist.`);
}

function hasPart({ schema }: State, part: keyof Container, each: Part): boolean {
  const container = schema.containers.get(
    containerKey({ space: each.space, externalId: each.containerExternalId }),
  );
  return container !== undefined && Object.hasOwn(container.body[part] as object, each.identifier);
}

function deleteParts(
  state: State,
  part: 'constraints' | 'indexes',
  items: readonly Part[],
  requestId: string,
): object {
  const { containers } = state.schema;
  const now = state.clock.now();
  const removed: Part[] = [];
  const write = (): Stored<Container>[] =>
    items.flatMap((item) => {
      if (!hasPart(state, part, item)) return [];
      const itemKey = containerKey({ space: item.space, externalId: item.containerExternalId });
      const container = containers.get(itemKey) as Stored<Container>;
      if (container.isGlobal)
        throw badRequest(`'${itemKey}' belongs to the system and cannot be changed.`);
      const { [item.identifier]: _removed, ...rest } = container.body[part];
      removed.push(item);
      return [store(containers, itemKey, { ...container.body, [part]: rest }, now)];
    });
  state.write(requestId, 'containers', 'update', write, keysOf);
  return { items: removed };
}

/** Looks again at whether stored instances obey; indexes are built at once and never fail. */
function retryParts(
  state: State,
  part: 'constraints' | 'indexes' | 'properties',
  items: readonly Part[],
  requestId: string,
): object {
  const { containers } = state.schema;
  const present = items.filter((each) => hasPart(state, part, each));
  const now = state.clock.now();
  const write = (): Stored<Container>[] =>
    present.flatMap((item) => {
      const itemKey = containerKey({ space: item.space, externalId: item.containerExternalId });
      const container = containers.get(itemKey) as Stored<Container>;
      if (container.isGlobal) return [];
      return [
        store(
          containers,
          itemKey,
          withStates(container.body, container.code as string, state),
          now,
        ),
      ];
    });
  state.write(requestId, 'containers', 'update', write, keysOf);
  return { items: present };
}

function inspected(
  { schema }: State,
  item: { readonly space: string; readonly externalId: string },
  operations: {
    readonly involvedViews?: object | undefined;
    readonly totalInvolvedViewCount?: object | undefined;
  },
): object[] {
  const container = schema.containers.get(containerKey(item));
  if (container === undefined) return [];
  const views = [...schema.views.all()].flatMap(({ body }) => {
    const view = schema.view(body);
    return view?.containers.includes(container) === true ? [view.reference] : [];
  });
  const inspectionResults = {
    ...(operations.involvedViews === undefined ? {} : { involvedViews: views }),
    ...(operations.totalInvolvedViewCount === undefined ? {} : { involvedViewCount: views.length }),
  };
  return [{ space: item.space, externalId: item.externalId, inspectionResults }];
}
