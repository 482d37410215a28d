/** Lies that are never told of some operations, although others of that shape are told them. */
export interface Untellable {
  readonly operations: RegExp;
  readonly lies: readonly string[];
  readonly reason: string;
  /** True if the lie is told in one run and not in another. @default false: it is never told */
  readonly isByChance?: boolean;
}

const CURSORS = ['cursor null', 'cursor empty', 'cursor number', 'cursor unknown'] as const;
const LATER_CURSORS = ['cursor repeated', 'cursors alternating'] as const;
const PROPERTIES = [
  'property of another type',
  'property missing',
  'edge for a node',
  'version missing',
] as const;

/**
 * Each has a reason. A lie that is told all the same, and one that is never told and not declared
 * here, are failures of the long run.
 */
export const UNTELLABLE: readonly Untellable[] = [
  {
    operations:
      /^(assets|timeSeries|events|files|subscriptions)\.delete$|^datapoints\.(insert|delete)/,
    lies: ['pieces', 'longer than it says', 'cut with a true length'],
    reason: 'the honest answer is {}, which is too short to be divided or cut',
  },
  {
    operations:
      /^(asset|assetList|selection)\.(children|subtree|tree)( of a depth)?$|^selection\.(timeSeries|events)$|\.list of everything, partitions$/,
    lies: [...CURSORS, ...LATER_CURSORS],
    reason:
      'how many pages a partition of few items has is up to their ids: "partitions of many pages" is told these lies',
    isByChance: true,
  },
  {
    operations: /^runGraph/,
    lies: ['cursors alternating'],
    reason: 'a step of this graph has three pages at most, and the third has no cursor',
  },
  {
    operations: /^assets\.list of everything, partitions of many pages$/,
    lies: ['items swapped'],
    reason: 'a page of one item has no order',
  },
  {
    operations: /^series\.(first|count)$/,
    lies: ['cursor repeated', 'cursors alternating', 'times descend'],
    reason: 'one bucket or point is asked for, which is in the first page',
  },
  {
    operations: /^series\.first$/,
    lies: ['cursor number'],
    reason: 'protobuf has no number in the place of a string',
  },
  {
    operations: /^series\.count$/,
    lies: ['cursor null', 'cursor empty', 'cursor unknown'],
    reason: 'the answer has no cursor',
  },
  {
    operations:
      /^datapoints\.retrieve( of strings| of aggregates| of several aggregates|Latest)?(, JSON)?$|^series\.(first|count)$/,
    lies: ['series swapped'],
    reason: 'one series is asked for: it has no order',
  },
  {
    operations:
      /^(assets|timeSeries|events)\.create of one$|^(timeSeries|events)\.aggregate\.uniqueProperties$|^subscriptions\.(create|update)$|^(token\.inspect|login\.status)$/,
    lies: ['items swapped'],
    reason: 'the answer has one item: it has no order',
  },
  {
    operations: /^datapoints\.retrieve of several aggregates$/,
    lies: ['point value changed'],
    reason: 'the liar knows averages of protobuf alone by their names',
    isByChance: true,
  },
  {
    operations: /^subscriptions\.members$/,
    lies: ['value changed'],
    reason: 'a member has its identity, and no other value',
  },
  {
    operations: /^dataModeling\.instances\.inspect$/,
    lies: ['value changed'],
    reason: 'an inspected instance has names of views and containers, and no value',
  },
  {
    operations: /^dataModeling\.instances\.(retrieve|search|aggregate|inspect)$/,
    lies: CURSORS,
    reason: 'the answer is whole: it has no cursor',
  },
  {
    operations: /^dataModeling\.instances\.(aggregate|inspect)$/,
    lies: PROPERTIES,
    reason: 'the answer has groups or names, and no properties',
  },
];

/** The declaration that a lie is not told of an operation, if there is one. */
export function untellable(operation: string, lie: string): Untellable | undefined {
  return UNTELLABLE.find(
    ({ operations, lies }) => lies.includes(lie) && operations.test(operation),
  );
}
