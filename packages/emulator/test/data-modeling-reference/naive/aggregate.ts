import type { Json } from '../../helpers.js';
import { stringifyExact } from '../exact-json.js';
import { limitOf, listOf } from './body.js';
import { type Context, type Property, resolve, storedOf } from './properties.js';
import { hits } from './search.js';
import { type Answer, type Instance, isObject, refuse, type State, violation } from './state.js';

const NUMBERS = new Set(['int32', 'int64', 'float32', 'float64']);
const GROUPS = new Set(['text', 'direct', 'boolean', ...NUMBERS]);

export function aggregateInstances(state: State, body: Json): Answer {
  const { context, found } = hits(state, body);
  const limit = limitOf(body.limit, 100, 1000);
  const aggregates = listOf(body.aggregates, 5, 'aggregates').map((one) => checked(context, one));
  const groupBy = listOf(body.groupBy, 5, 'groupBy').map((name) => ({
    name,
    property: groupProperty(context, name),
  }));
  const instanceType = body.instanceType ?? 'node';
  const item = (members: readonly Instance[]): Json => ({
    instanceType,
    aggregates: aggregates.map((aggregate) => aggregate(members)),
  });
  if (groupBy.length === 0) return { status: 200, body: { items: [item(found)] } };
  const groups = new Map<string, { readonly group: Json; readonly members: Instance[] }>();
  for (const instance of found)
    for (const group of groupsOf(instance, groupBy)) {
      const key = stringifyExact(group);
      const entry = groups.get(key) ?? { group, members: [] };
      entry.members.push(instance);
      groups.set(key, entry);
    }
  const sorted = [...groups.values()].sort(
    (left, right) => right.members.length - left.members.length,
  );
  const items = sorted.slice(0, limit).map(({ group, members }) => ({ ...item(members), group }));
  return { status: 200, body: { items } };
}

function groupProperty(context: Context, name: Json): Property {
  const property = resolve(context, [name]);
  const { type, list } = property.type;
  if (!GROUPS.has(type) || (list && type !== 'text' && type !== 'direct'))
    refuse(
      `Property '${name}' of type ${type} cannot be used in group by. ` +
        `Supported types are ${[...GROUPS].join(', ')}`,
    );
  return property;
}

/** Every combination of values; a list is in the group of each of its elements. */
function groupsOf(
  instance: Instance,
  groupBy: readonly { readonly name: string; readonly property: Property }[],
): Json[] {
  let groups: Json[] = [{}];
  for (const { name, property } of groupBy) {
    const value = storedOf(instance, property);
    const values =
      value === undefined
        ? []
        : [...new Map([value].flat().map((one) => [stringifyExact(one), one])).values()];
    groups = groups.flatMap((group) => values.map((one) => ({ ...group, [name]: one })));
  }
  return groups;
}

function checked(context: Context, aggregate: Json): (members: readonly Instance[]) => Json {
  if (!isObject(aggregate) || Object.keys(aggregate).length !== 1)
    violation('an aggregate has one function');
  const [[name, body]] = Object.entries(aggregate) as [[string, Json]];
  if (!['count', 'avg', 'min', 'max', 'sum', 'histogram'].includes(name))
    violation(`unknown aggregate ${name}`);
  if (name === 'count' && body.property === undefined)
    return (members) => ({ aggregate: name, value: members.length });
  if (typeof body.property !== 'string') violation('property must not be null');
  const property = resolve(context, [body.property]);
  if (name !== 'count' && !NUMBERS.has(property.type.type))
    refuse(`${name} needs a number property`);
  if (name === 'histogram' && !(body.interval > 0)) violation('interval must be positive');
  return (members) => {
    const values = members
      .map((member) => storedOf(member, property))
      .filter((value) => value !== undefined);
    const base = { aggregate: name, property: body.property };
    if (name === 'count') return { ...base, value: values.length };
    const numbers = values.flat().map(Number);
    if (name === 'histogram')
      return { ...base, interval: body.interval, buckets: buckets(numbers, body.interval) };
    return numbers.length === 0 ? base : { ...base, value: reduced(name, numbers) };
  };
}

function reduced(name: string, numbers: readonly number[]): number {
  if (name === 'min') return Math.min(...numbers);
  if (name === 'max') return Math.max(...numbers);
  const sum = numbers.reduce((total, value) => total + value, 0);
  return name === 'sum' ? sum : sum / numbers.length;
}

function buckets(numbers: readonly number[], interval: number): Json[] {
  const starts = numbers.map((value) => Math.floor(value / interval) * interval);
  const distinct = [...new Set(starts)].sort((left, right) => left - right);
  return distinct.map((start) => ({
    start,
    count: starts.filter((other) => other === start).length,
  }));
}
