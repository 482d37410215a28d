import { badRequest } from '../errors.js';
import { exactJsonText } from '../http/exact-json.js';
import { JsonText } from '../http/route.js';
import type { Entry, InstanceType } from '../instances/entry.js';
import { type Selections, type TargetUnit, viewOf } from '../instances/selection.js';
import type { CompiledProperty, CompiledView } from '../schema/compiled-view.js';
import { versionedKey } from '../schema/keys.js';
import type { ViewReference } from '../schema/model.js';
import { viewReferenceCheck } from '../schema/names.js';
import type { State } from '../state.js';
import { limit } from '../validation/common.js';
import {
  anything,
  array,
  boolean,
  type Check,
  type Needed,
  needed,
  object,
  oneOf,
  parse,
  text,
} from '../validation/schema.js';
import { allOf, type Condition } from './condition.js';
import { compileFilter, viewCondition } from './filter.js';
import { matching, pageOfEntries } from './pages.js';
import type { FilterContext } from './property-reference.js';
import { orderOf, type SortItem, searchSortCheck } from './sort.js';
import { checkViewUse, targetUnitsCheck } from './sources.js';
import { matcher } from './tokens.js';

const MAX_LIMIT = 1000;
const MAX_PROPERTIES = 200;

/** The parts that search and aggregate share. */
export interface SearchTerms {
  readonly view: ViewReference;
  readonly instanceType?: InstanceType | undefined;
  readonly query?: string | undefined;
  readonly properties?: readonly string[] | undefined;
  readonly operator?: 'AND' | 'OR' | undefined;
  readonly filter?: unknown;
  readonly targetUnits?: readonly TargetUnit[] | undefined;
  readonly includeTyping?: boolean | undefined;
}

export const searchTerms: Readonly<Record<string, Check<unknown> | Needed<unknown>>> = {
  view: needed(viewReferenceCheck),
  instanceType: oneOf('node', 'edge'),
  query: text(),
  properties: array(text(), { min: 1, max: MAX_PROPERTIES }),
  operator: oneOf('AND', 'OR'),
  filter: anything,
  targetUnits: targetUnitsCheck,
  includeTyping: boolean,
};

interface SearchBody extends SearchTerms {
  readonly sort?: readonly SortItem[] | undefined;
  readonly limit?: number | undefined;
}

const check: Check<SearchBody> = object({
  ...searchTerms,
  properties: array(text(), { max: MAX_PROPERTIES }),
  sort: searchSortCheck,
  limit: limit(MAX_LIMIT),
}) as Check<SearchBody>;

/** POST /models/instances/search: the best matches first, or in the requested order. */
export function searchInstances(state: State, selections: Selections, body: unknown): JsonText {
  const request = parse(check, body);
  const { sort, limit: size = MAX_LIMIT, includeTyping, view: source, targetUnits } = request;
  const selection = selections.get([{ source, targetUnits }]);
  const { context, entries } = found(state, request);
  const order = orderOf(sort, context);
  const shown =
    order === undefined
      ? entries.slice(0, size)
      : pageOfEntries(entries, order, size, undefined).entries;
  const typing = includeTyping === true ? `,"typing":${exactJsonText(selection.typing())}` : '';
  return new JsonText(`{"items":[${shown.map(selection.textOf).join(',')}]${typing}}`);
}

/**
 * The instances that a search finds, the best first, those that are equally good in the order of
 * creation.
 */
export function found(
  state: State,
  terms: SearchTerms,
): {
  readonly view: CompiledView;
  readonly context: FilterContext;
  readonly entries: readonly Entry[];
} {
  const { instanceType = 'node', query = '', operator = 'OR', properties, filter } = terms;
  const view = viewOf(state.schema, terms.view);
  checkViewUse([view], instanceType);
  const { schema, instances } = state;
  const context: FilterContext = { schema, instances, instanceType, view, isSearch: true };
  const condition = allOf([viewCondition(view, context), compileFilter(filter, context)]);
  const searched = searchedProperties(view, properties);
  const entries = matches(state, instanceType, condition, searched, query, operator);
  return { view, context, entries };
}

function matches(
  { instances }: State,
  instanceType: InstanceType,
  condition: Condition,
  properties: readonly CompiledProperty[],
  query: string,
  operator: 'AND' | 'OR',
): readonly Entry[] {
  const all = [...matching(instances, instanceType, condition)];
  if (query === '') return all;
  const match = matcher(query, operator);
  const scored = all.flatMap((entry) => {
    const fit = match(properties.flatMap((property) => textsOf(property, entry)));
    return fit === undefined ? [] : [{ entry, score: fit.words * 2 + Number(fit.isPhrase) }];
  });
  return scored
    .sort((left, right) => right.score - left.score || left.entry.seq - right.entry.seq)
    .map(({ entry }) => entry);
}

function textsOf({ code, identifier }: CompiledProperty, { data }: Entry): readonly string[] {
  const value = data[code]?.[identifier];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as readonly string[];
}

function searchedProperties(
  view: CompiledView,
  names: readonly string[] | undefined,
): CompiledProperty[] {
  const all = names === undefined || names.length === 0 ? [...view.properties.keys()] : names;
  return all.flatMap((name) => {
    const property = view.properties.get(name);
    if (property === undefined)
      throw badRequest(`Unknown property '${name}' in view '${versionedKey(view.reference)}'.`);
    return property.property.type.type === 'text' ? [property] : [];
  });
}
