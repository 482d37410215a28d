import { badRequest } from '../errors.js';
import { get, JsonText, post, type Route } from '../http/route.js';
import { array, boolean, needed, object, parse, text } from '../validation/schema.js';
import { allSystems, allUnits } from './catalog.js';

const byIdsCheck = object({
  items: needed(array(object({ externalId: needed(text({ max: 255 })) }), { min: 1, max: 1000 })),
  ignoreUnknownIds: boolean,
});

/** The endpoints under `/units`: a fixed catalogue without paging. */
export function unitRoutes(): Route[] {
  return [
    get('/units', () => find([...allUnits().keys()], false)),
    get('/units/systems', () => ({ items: allSystems() })),
    get('/units/:externalId', (call) => find([call.param('externalId')], false)),
    post('/units/byids', (body) => {
      const { items, ignoreUnknownIds = false } = parse(byIdsCheck, body);
      return find(
        items.map(({ externalId }) => externalId),
        ignoreUnknownIds,
      );
    }),
  ];
}

function find(externalIds: readonly string[], ignoreUnknown: boolean): JsonText {
  const units = allUnits();
  const missing = externalIds.filter((externalId) => !units.has(externalId));
  if (missing.length > 0 && !ignoreUnknown) {
    throw badRequest(`Units not found: ${missing.join(', ')}`, {
      missing: missing.map((externalId) => ({ externalId })),
    });
  }
  return new JsonText(
    `{"items":[${externalIds.flatMap((externalId) => units.get(externalId)?.text ?? []).join(',')}]}`,
  );
}
