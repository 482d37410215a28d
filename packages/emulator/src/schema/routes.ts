import { badRequest } from '../errors.js';
import { type Call, get, post, type Route } from '../http/route.js';
import type { State } from '../state.js';
import { array, type Check, needed, object, parse } from '../validation/schema.js';
import { spaceAnswer } from './answers.js';
import { containerRoutes } from './container-routes.js';
import { dataModelRoutes } from './data-model-routes.js';
import { flagOf, schemaPage } from './listing.js';
import type { Space, Stored } from './model.js';
import { description, displayName, newSpaceName, spaceName } from './names.js';
import { viewRoutes } from './view-routes.js';
import { found, isSystemSpace, keysOf, remove, store, systemSpace } from './writer.js';

const MAX_ITEMS = 100;
const PATH = '/models/spaces';

const spacesCheck: Check<{ items: Space[] }> = object({
  items: needed(
    array(object({ space: needed(newSpaceName), name: displayName, description }), {
      min: 1,
      max: MAX_ITEMS,
    }),
  ),
}) as Check<{ items: Space[] }>;
const namesCheck = object({
  items: needed(array(object({ space: needed(spaceName) }), { min: 1, max: MAX_ITEMS })),
});

/** The endpoints for spaces, containers, views and data models. */
export function schemaRoutes(state: State): Route[] {
  return [
    ...spaceRoutes(state),
    ...containerRoutes(state),
    ...viewRoutes(state),
    ...dataModelRoutes(state),
  ];
}

function spaceRoutes(state: State): Route[] {
  const { spaces } = state.schema;
  return [
    post(PATH, (body, call) => {
      const { items } = parse(spacesCheck, body);
      const system = items.find(({ space }) => isSystemSpace(space));
      if (system !== undefined) throw systemSpace(system.space);
      const now = state.clock.now();
      const write = (): Stored<Space>[] =>
        items.map((item) => store(spaces, item.space, item, now));
      const stored = state.write(call.requestId, 'spaces', 'create', write, keysOf);
      return { items: stored.map(spaceAnswer) };
    }),
    get(PATH, (call) => {
      const all = spaces.sorted(flagOf(call.query, 'includeGlobal', false));
      const { items, nextCursor } = schemaPage('spaces', call.query, all);
      return { items: items.map(spaceAnswer), nextCursor };
    }),
    post(`${PATH}/byids`, (body) => {
      const { items } = parse(namesCheck, body);
      return {
        items: found(
          spaces,
          items.map(({ space }) => space),
        ).map(spaceAnswer),
      };
    }),
    post(`${PATH}/delete`, (body, call) =>
      deleteSpaces(state, parse(namesCheck, body).items, call),
    ),
  ];
}

function deleteSpaces(
  state: State,
  items: readonly { readonly space: string }[],
  call: Call,
): object {
  const names = items.map(({ space }) => space);
  const system = names.find((space) => state.schema.spaces.get(space)?.isGlobal === true);
  if (system !== undefined) throw systemSpace(system);
  const full = names.find((space) => isUsed(state, space));
  if (full !== undefined)
    throw badRequest(
      `The space '${full}' is not empty: delete its instances, data models, views and containers first.`,
    );
  const write = (): Stored<Space>[] => remove(state.schema.spaces, names);
  const removed = state.write(call.requestId, 'spaces', 'delete', write, keysOf);
  return { items: removed.map(({ body }) => ({ space: body.space })) };
}

function isUsed({ schema, instances }: State, space: string): boolean {
  for (const { own } of [schema.containers, schema.views, schema.dataModels])
    for (const { body } of own.items()) if (body.space === space) return true;
  for (const entry of instances.all()) if (entry.space === space) return true;
  return false;
}
