import { badRequest } from '../errors.js';
import { isMapped } from './compiled-view.js';
import { containerKey, versionedKey } from './keys.js';
import type { Stored, View } from './model.js';
import type { Schema } from './schema.js';
import type { ViewCreate } from './view-body.js';
import { checkView, upsertedView } from './view-upsert.js';
import { store } from './writer.js';

const MAX_VERSIONS = 100;

/** Stores views, which may implement each other. Runs inside a transaction. */
export function storeViews(
  schema: Schema,
  items: readonly ViewCreate[],
  now: number,
): Stored<View>[] {
  const stored = items.map((item) => {
    const key = versionedKey(item);
    const before = schema.views.get(key)?.body;
    return store(schema.views, key, upsertedView(item, before, schema), now);
  });
  for (const { body } of stored) {
    checkView(body, schema);
    checkVersions(schema, body);
  }
  return stored.map(({ externalId }) => schema.views.get(externalId) as Stored<View>);
}

/**
 * Takes the properties from views that are stored in deleted containers. They are not updated by
 * it: their times stay. Runs inside a transaction.
 */
export function removeMappings({ views: { own } }: Schema, containers: ReadonlySet<string>): void {
  for (const view of [...own.items()]) {
    const all = Object.entries(view.body.properties);
    const kept = all.filter(
      ([, property]) => !isMapped(property) || !containers.has(containerKey(property.container)),
    );
    if (kept.length < all.length)
      own.replace({ ...view, body: { ...view.body, properties: Object.fromEntries(kept) } });
  }
}

function checkVersions(schema: Schema, view: View): void {
  const name = containerKey(view);
  let versions = 0;
  for (const { body } of schema.views.own.items()) if (containerKey(body) === name) versions += 1;
  if (versions > MAX_VERSIONS)
    throw badRequest(`View '${name}' has more than ${MAX_VERSIONS} versions.`);
}
