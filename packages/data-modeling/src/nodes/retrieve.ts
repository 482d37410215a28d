import { type CallOptions, NotFoundError } from '@cdf/core';
import { concurrently, evenChunks, readPage, unexpected } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { toSource } from '../view/properties.js';
import { laneLimit } from '../wire/lane-limit.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { differencesOf } from '../wire/typing-differences.js';
import { checkOptions, checkSwitches } from './check-options.js';
import { checkView, isChecked } from './checked-views.js';
import { describeNames } from './describe-names.js';
import type { InstanceList } from './instance-list.js';
import type { InstanceScope } from './instance-scope.js';
import { readerOf, toList } from './instance-scope.js';
import { toNames } from './names.js';

const MOST_PER_REQUEST = 1_000;
const LABEL = 'POST /models/instances/byids';

/** The node or edge of that name, or `undefined`. One request. */
export async function retrieve(
  scope: InstanceScope,
  name: unknown,
  options?: CallOptions,
): Promise<object | undefined> {
  const [found] = await readByName(
    scope,
    toNames(scope, [name], `retrieve ${scope.instance}`),
    options,
  );
  return found;
}

/**
 * Those of some names, in the order of the names.
 *
 * @throws {NotFoundError} with every name that has no data in the view, unless `ignoreUnknownIds`
 */
export async function retrieveMultiple(
  scope: InstanceScope,
  given: readonly unknown[],
  query: { readonly ignoreUnknownIds?: boolean | undefined } = {},
  options?: CallOptions,
): Promise<InstanceList<object>> {
  const what = `retrieve ${scope.instance}s`;
  checkOptions(query, ['ignoreUnknownIds'], what);
  checkSwitches(query, ['ignoreUnknownIds'], what);
  const names = toNames(scope, given, what);
  const distinct = [...new Map(names.map((name) => [referenceKey(name), name])).values()];
  const found = await readByName(scope, distinct, options);
  const byKey = new Map(distinct.map((name, index) => [referenceKey(name), found[index]]));
  const missing = distinct.filter((_, index) => found[index] === undefined);
  if (missing.length > 0 && query.ignoreUnknownIds !== true)
    throw new NotFoundError(
      `${what}: ${missing.length} not found (${describeNames(missing)}); pass ignoreUnknownIds to leave them out`,
      { status: 400, missing: missing.map((instanceId) => ({ instanceId })) },
    );
  return toList(names.flatMap((name) => byKey.get(referenceKey(name)) ?? []));
}

/** The instances with data in the view, each at the place of its name. A request per 1,000. */
async function readByName(
  scope: InstanceScope,
  names: readonly NodeReference[],
  options: CallOptions = {},
): Promise<(object | undefined)[]> {
  const reader = readerOf(scope);
  const places = new Map(names.map((name, index) => [referenceKey(name), index]));
  const found: (object | undefined)[] = new Array(names.length).fill(undefined);
  const read = async (indexes: readonly number[], signal: AbortSignal): Promise<void> => {
    const items = indexes.map((index) => ({ instanceType: scope.instance, ...names[index] }));
    const body = {
      items,
      sources: [{ source: toSource(scope.view) }],
      includeTyping: !isChecked(scope),
    };
    const { isExact } = scope;
    const request = {
      path: '/instances/byids',
      body,
      lane: 'query',
      idempotent: true,
      isExact,
    } as const;
    const answer = await send(scope.transport, request, { ...options, signal });
    const page = readPage<object>(answer, LABEL);
    await checkView(scope, answer, differencesOf);
    const asked = new Set(indexes);
    for (const item of page.items) {
      const place = places.get(referenceKey(readName(item, LABEL)));
      if (place === undefined || !asked.has(place) || found[place] !== undefined)
        throw notAsked(item);
      found[place] = reader.read(item, LABEL);
    }
  };
  const chunks = evenChunks(names.length, MOST_PER_REQUEST);
  const limit = await laneLimit(scope.transport, 'query', chunks.length, options);
  await concurrently(chunks, read, { limit, signal: options.signal });
  return found;
}

function notAsked(item: object): Error {
  return unexpected(
    LABEL,
    `${describeNames([readName(item, LABEL)])} was not asked for, or appears twice`,
  );
}
