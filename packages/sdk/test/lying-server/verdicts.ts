/**
 * The outcome of a lie:
 * - `told`: it rejects with a `CdfError`, and the account of a write is true;
 * - `harmless`: the result is exactly right;
 * - `invisible`: no client could tell. The result agrees with the answers. It needs a reason.
 */
export type Verdict = 'told' | 'harmless' | 'invisible';

/** How an answer is read, which decides what can be known of it. */
export type Shape =
  /** Pages of a list, one after the other. */
  | 'list'
  /** The first page of a list that is read in partitions. */
  | 'first'
  /** The pages of its partitions. */
  | 'parts'
  | 'search'
  /** Several items by their identifiers. */
  | 'byIds'
  /** One item by its identifier. */
  | 'one'
  /** Rows of an aggregate. */
  | 'values'
  | 'count'
  | 'inspect'
  | 'consume'
  /** Raw data points in protobuf, aggregates, and the same in JSON. */
  | 'points'
  | 'aggregates'
  /** Several aggregates of each bucket. */
  | 'buckets'
  /** A series that is requested twice, where unknown ones may be left out. */
  | 'twins'
  | 'jsonPoints'
  | 'latest'
  | 'synthetic'
  | 'links'
  | 'create'
  /** A new file: its answer is the item itself. */
  | 'createFile'
  /** A creation that reads what became of a lost answer. */
  | 'hierarchy'
  | 'update'
  /** Not idempotent, and needs nothing of its answer. */
  | 'delete'
  /** Idempotent, and needs nothing of its answer. */
  | 'insert'
  /** An answer that is handed to the caller as it is. */
  | 'raw'
  /**
   * The schema of a graph: pages, one by its name, several, a write, and a deletion that names the
   * deleted parts.
   */
  | 'schemaPage'
  | 'schemaOne'
  | 'schemaSome'
  | 'schemaWrite'
  | 'namedDelete'
  | 'statistics'
  /**
   * Instances read through a view: pages, one by its name, several, a search, groups, all as one,
   * steps, changes.
   */
  | 'nodes'
  | 'named'
  | 'byNames'
  | 'matches'
  | 'groups'
  | 'total'
  | 'steps'
  | 'sync'
  /** Instances that are written: again after a lost answer, or once. */
  | 'apply'
  | 'applyNew'
  /** Instances in the form of the API: a page, the steps of a query, a write. */
  | 'wirePage'
  | 'wireSteps'
  | 'wireWrite';

/** The verdict when a lie is told once, and when it is told always. */
export interface Cell {
  readonly once: Verdict;
  readonly always: Verdict;
  /** For `invisible`: why no client can tell. */
  readonly reason?: string | undefined;
}

const PAGED: readonly Shape[] = ['list', 'first', 'parts'];
const POINTS: readonly Shape[] = ['points', 'aggregates', 'buckets', 'jsonPoints', 'synthetic'];
const SERIES: readonly Shape[] = [
  'points',
  'aggregates',
  'buckets',
  'twins',
  'jsonPoints',
  'latest',
];
/** Shapes of operations on a graph. */
const WIRE: readonly Shape[] = ['wirePage', 'wireSteps', 'wireWrite'];
const STEPS: readonly Shape[] = ['steps', 'sync'];
const TYPED: readonly Shape[] = ['nodes', 'named', 'byNames', 'matches', ...STEPS];
const SCHEMA: readonly Shape[] = ['schemaPage', 'schemaOne', 'schemaSome'];
const GROUPED: readonly Shape[] = ['groups', 'total'];
const APPLIED: readonly Shape[] = ['apply', 'applyNew', 'schemaWrite'];
const GRAPH: readonly Shape[] = [
  ...TYPED,
  ...SCHEMA,
  ...GROUPED,
  ...APPLIED,
  ...WIRE,
  'namedDelete',
];
const READS: readonly Shape[] = [
  ...[...PAGED, ...SERIES, 'search', 'byIds', 'one', 'values', 'count'],
  ...(['inspect', 'consume', 'synthetic', 'links'] as const),
] as Shape[];
const WRITTEN: readonly Shape[] = ['create', 'update', 'hierarchy'];
/** Nothing of the answer is needed. */
const NOTHING: readonly Shape[] = ['delete', 'insert'];
const REPEATED: readonly Shape[] = [
  ...([...READS, 'update', 'insert', 'raw', 'statistics'] as Shape[]),
  ...GRAPH.filter((shape) => shape !== 'applyNew'),
];
const ALL: readonly Shape[] = [
  ...READS,
  ...WRITTEN,
  ...NOTHING,
  ...GRAPH,
  'createFile',
  'raw',
  'statistics',
];
/** Answers in JSON with a list. */
const LISTS: readonly Shape[] = [
  ...[...PAGED, ...WRITTEN],
  ...(['search', 'byIds', 'one', 'values', 'count', 'inspect', 'consume', 'links'] as const),
  ...GRAPH,
];
const JSON_SERIES: readonly Shape[] = ['jsonPoints', 'latest', 'synthetic'];

/**
 * Two words stand for two verdicts: `retried` is harmless once and told always; `caught` is told
 * once, by the honest server that comes next, and invisible always.
 */
type Word = Verdict | 'retried' | 'caught';
type Rule = readonly [shapes: readonly Shape[], verdict: Word, reason?: string];

const LEFT_OUT = 'an item that is left out of an answer looks like one that does not exist';
const FILTERED = 'the service alone knows what its filter lets through';
const AS_SAID = 'a value is known to the service alone';
const EARLY = 'a list that ends early looks like a shorter list';
const ORDER = 'the order is the service’s, and the API accepts another one';
const NAMELESS = 'an item does not have to repeat the identity that was asked for';
const RAW = 'the caller reads the answer, whatever it is';
const TWICE = 'a change may be said twice';
const ROWS = 'the rows of the answer have no identity that was asked for';

/**
 * The verdict on each lie, by its subject. A later rule of a lie stands above an earlier one.
 * Shapes that no rule names are those that the lie cannot be told of.
 */
const TABLE: Readonly<Record<string, readonly Rule[]>> = {
  'HTML page': [[ALL, 'told']],
  'HTML page without a type': [[ALL, 'told']],
  'redirect to a page': [[ALL, 'told']],
  '200 with an error': [
    [ALL, 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'JSON array': [
    [ALL, 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'JSON string': [
    [ALL, 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'JSON number': [
    [ALL, 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'items missing': [
    [[...LISTS, ...JSON_SERIES, 'createFile'], 'told'],
    [NOTHING, 'harmless'],
    [['raw'], 'invisible', RAW],
  ],
  'items null': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'items an object': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
    [['wireSteps'], 'invisible', RAW],
  ],
  'JSON null': [
    [ALL, 'told'],
    [NOTHING, 'harmless'],
    [['raw'], 'invisible', RAW],
  ],
  'empty body': [
    [ALL, 'told'],
    [NOTHING, 'harmless'],
    [['raw'], 'invisible', RAW],
  ],
  'status 201': [[ALL, 'harmless']],
  'status 202': [[ALL, 'harmless']],
  'status 204': [
    [ALL, 'told'],
    [NOTHING, 'harmless'],
    [['raw'], 'invisible', RAW],
  ],
  'status 500': [[ALL, 'told']],
  'status 503': [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  'pieces of a byte': [[ALL, 'harmless']],
  pieces: [[ALL, 'harmless']],
  late: [[ALL, 'harmless']],
  gzip: [[ALL, 'harmless']],
  cut: [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  'connection lost': [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  silence: [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  'silence in the body': [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  'gzip bomb': [[ALL, 'told']],
  'brotli bomb': [[ALL, 'told']],
  'endless body': [[ALL, 'told']],
  'gzip that is not gzip': [[ALL, 'told']],
  'longer than it says': [[ALL, 'told']],
  'shorter than it says': [
    [ALL, 'told'],
    [REPEATED, 'retried'],
  ],
  'cut with a true length': [[ALL, 'told']],

  'item dropped': [
    [['list', 'parts', 'search', 'byIds', 'one', 'inspect', 'consume'], 'invisible', LEFT_OUT],
    [['values'], 'invisible', ROWS],
    [['first'], 'harmless'],
    [['count', 'links', ...WRITTEN], 'told'],
    [['raw'], 'invisible', RAW],
    [
      ['nodes', 'schemaPage', 'named', 'byNames', 'schemaOne', 'schemaSome', 'matches', ...STEPS],
      'invisible',
      LEFT_OUT,
    ],
    [['namedDelete'], 'invisible', LEFT_OUT],
    [['groups'], 'invisible', ROWS],
    [['total', ...APPLIED], 'told'],
    [WIRE, 'invisible', RAW],
  ],
  'item doubled': [
    [['list', 'first', 'parts', 'search', 'count'], 'harmless'],
    [['values', 'inspect', 'consume'], 'invisible', ROWS],
    [['byIds', 'one', 'links', ...WRITTEN], 'told'],
    [['hierarchy'], 'harmless'],
    [['raw'], 'invisible', RAW],
    [['nodes', 'schemaPage', 'matches', 'groups', 'steps', 'namedDelete'], 'harmless'],
    [['named', 'byNames', 'schemaOne', 'schemaSome', 'total', ...APPLIED], 'told'],
    [['sync'], 'invisible', TWICE],
    [WIRE, 'invisible', RAW],
  ],
  'items swapped': [
    [['list', 'search', 'values', 'inspect', 'consume'], 'invisible', ORDER],
    [['first', 'parts', 'byIds', 'links', ...WRITTEN], 'harmless'],
    [['raw'], 'invisible', RAW],
    [['nodes', 'schemaPage', 'matches', 'groups', ...STEPS], 'invisible', ORDER],
    [['byNames', 'schemaSome', 'namedDelete', ...APPLIED], 'harmless'],
    [WIRE, 'invisible', RAW],
  ],
  'item foreign': [
    [['list', 'parts', 'search'], 'invisible', FILTERED],
    [['first'], 'harmless'],
    [['byIds', 'one', 'links', ...WRITTEN], 'told'],
    [['raw'], 'invisible', RAW],
    [['nodes', 'schemaPage', 'matches', ...STEPS], 'invisible', FILTERED],
    [['named', 'byNames', 'schemaOne', 'schemaSome', 'namedDelete', ...APPLIED], 'told'],
    [WIRE, 'invisible', RAW],
  ],
  'foreign item added': [
    [['list', 'parts', 'search'], 'invisible', FILTERED],
    [['first'], 'harmless'],
    [['byIds', 'one', 'links', ...WRITTEN], 'told'],
    [['hierarchy'], 'harmless'],
    [['raw'], 'invisible', RAW],
    [['nodes', 'schemaPage', 'matches', ...STEPS], 'invisible', FILTERED],
    [['named', 'byNames', 'schemaOne', 'schemaSome', 'namedDelete', ...APPLIED], 'told'],
    [WIRE, 'invisible', RAW],
  ],
  'item emptied': [
    [['list', 'parts', 'search'], 'invisible', NAMELESS],
    [['byIds', 'one', 'create', 'update', 'hierarchy'], 'invisible', NAMELESS],
    [['first'], 'harmless'],
    [['values', 'count', 'links', 'consume', 'inspect'], 'told'],
    [['raw'], 'invisible', RAW],
    [GRAPH, 'told'],
    [WIRE, 'invisible', RAW],
  ],
  'value changed': [
    [LISTS.filter((shape) => !GRAPH.includes(shape)), 'invisible', AS_SAID],
    [['first'], 'harmless'],
    [['raw'], 'invisible', RAW],
    [[...TYPED, ...SCHEMA, ...GROUPED, 'schemaWrite'], 'invisible', AS_SAID],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'element null': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'element string': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'element number': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'element array': [
    [[...LISTS, ...JSON_SERIES], 'told'],
    [['raw'], 'invisible', RAW],
  ],
  'count a string': [[['count', 'values'], 'told']],

  'cursor null': [
    [['list', 'first', 'parts', 'points', 'jsonPoints', 'aggregates'], 'invisible', EARLY],
    [['consume'], 'told'],
    [['nodes', 'schemaPage', 'steps'], 'invisible', EARLY],
    [['sync'], 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'cursor empty': [
    [['list', 'first', 'parts', 'points', 'jsonPoints', 'aggregates'], 'invisible', EARLY],
    [['consume'], 'told'],
    [['nodes', 'schemaPage', 'steps'], 'invisible', EARLY],
    [['sync'], 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'cursor number': [
    [['list', 'first', 'parts', 'jsonPoints', 'consume'], 'told'],
    [['nodes', 'schemaPage', 'wirePage', ...STEPS], 'told'],
    [['wireSteps'], 'invisible', RAW],
  ],
  'cursor repeated': [
    [['list', 'parts', 'points', 'jsonPoints', 'aggregates'], 'told'],
    [['nodes', 'schemaPage', 'steps'], 'told'],
    [['sync'], 'harmless'],
  ],
  'cursors alternating': [
    [['list', 'parts', 'points', 'jsonPoints', 'aggregates'], 'told'],
    [['nodes', 'schemaPage', 'steps'], 'told'],
  ],
  'cursor unknown': [
    [['list', 'parts', 'points', 'jsonPoints', 'aggregates', 'consume'], 'told'],
    [['nodes', 'schemaPage', ...STEPS], 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'empty page': [
    [['list', 'parts'], 'invisible', LEFT_OUT],
    [['first'], 'harmless'],
    [['nodes', 'schemaPage', ...STEPS], 'invisible', LEFT_OUT],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'endless empty pages': [
    [['list', 'parts'], 'told'],
    [['nodes', 'schemaPage', 'steps', 'points', 'jsonPoints'], 'told'],
    [['sync'], 'caught', EARLY],
  ],

  'property of another type': [
    [TYPED, 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'property missing': [
    [TYPED, 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'edge for a node': [
    [TYPED, 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'version missing': [
    [TYPED, 'told'],
    [['wirePage', 'wireSteps'], 'invisible', RAW],
  ],
  'step missing': [
    [STEPS, 'told'],
    [['wireSteps'], 'invisible', RAW],
  ],
  'step added': [
    [STEPS, 'harmless'],
    [['wireSteps'], 'invisible', RAW],
  ],
  'number a string': [[GROUPED, 'told']],
  'group missing': [[['groups'], 'told']],
  'counts missing': [[['statistics'], 'told']],

  'point dropped': [[[...SERIES, 'synthetic'], 'invisible', LEFT_OUT]],
  'point doubled': [[[...SERIES, 'synthetic'], 'told']],
  'times descend': [[POINTS, 'told']],
  'point behind the window': [[POINTS, 'told']],
  'point before the window': [[POINTS, 'told']],
  'time missing': [[[...POINTS, 'latest'], 'told']],
  'point value changed': [[[...POINTS, 'latest'], 'invisible', AS_SAID]],
  'point value missing': [
    [
      ['points', 'aggregates'],
      'invisible',
      'protobuf does not write zeros, and an empty bucket has no average',
    ],
    [JSON_SERIES, 'told'],
  ],
  'aggregate missing': [[['buckets'], 'told']],
  'series dropped': [[[...SERIES, 'synthetic'], 'told']],
  'series doubled': [[[...SERIES, 'synthetic'], 'told']],
  'series swapped': [
    [SERIES, 'harmless'],
    [['synthetic'], 'invisible', ROWS],
  ],
  'series foreign': [[SERIES, 'told']],
  'series without points': [[[...SERIES, 'synthetic'], 'invisible', LEFT_OUT]],
  'points no list': [[JSON_SERIES, 'told']],
  'point null': [[JSON_SERIES, 'told']],
  'time a string': [[JSON_SERIES, 'told']],
  'value a string': [[JSON_SERIES, 'told']],
};

/** Exceptions for single operations. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, Exception>>>> = {
  'subscriptions.members': {
    'item doubled': {
      verdict: 'invisible',
      reason: 'a series that was listed by both its names is there twice',
    },
  },
  'datapoints.retrieve of several aggregates': {
    'aggregate missing': {
      verdict: 'invisible',
      reason: 'protobuf does not write zeros: this one may be zero',
    },
  },
  'series.first': {
    ...each(['cursor unknown', 'cursor number', 'cursors alternating'], { verdict: 'harmless' }),
    ...each(['point before the window', 'point behind the window', 'time missing'], {
      verdict: 'invisible',
      reason: 'all of time is asked for',
    }),
  },
  'series.count': each(['point before the window', 'point behind the window', 'time missing'], {
    verdict: 'invisible',
    reason: 'all of time is asked for',
  }),
  ...Object.fromEntries(
    ['datapoints.retrieve of strings, JSON'].map((name) => [
      name,
      { 'value a string': { verdict: 'invisible', reason: AS_SAID } satisfies Exception },
    ]),
  ),
};

interface Exception {
  readonly verdict: Word;
  readonly reason?: string;
}

function each(lies: readonly string[], exception: Exception): Record<string, Exception> {
  return Object.fromEntries(lies.map((lie) => [lie, exception]));
}

/** The names of the lies that the table knows. */
export const KNOWN_LIES: readonly string[] = Object.keys(TABLE);

/** The verdict on a lie about an operation, or `undefined` where it cannot be told. */
export function verdictOf(lie: string, shape: Shape, operation: string): Cell | undefined {
  const exception = EXCEPTIONS[operation]?.[lie];
  if (exception !== undefined) return toCell(exception.verdict, exception.reason);
  const rule = TABLE[lie]?.findLast(([shapes]) => shapes.includes(shape));
  return rule && toCell(rule[1], rule[2]);
}

function toCell(word: Word, reason?: string): Cell {
  if (word === 'retried') return { once: 'harmless', always: 'told' };
  if (word === 'caught') return { once: 'told', always: 'invisible', reason };
  return { once: word, always: word, reason };
}

/** Every cell in words, for the test that reasons are given. */
export function allRules(): readonly { lie: string; verdict: Word; reason: string | undefined }[] {
  return [
    ...Object.entries(TABLE).flatMap(([lie, rules]) =>
      rules.map(([, verdict, reason]) => ({ lie, verdict, reason })),
    ),
    ...Object.values(EXCEPTIONS).flatMap((lies) =>
      Object.entries(lies).map(([lie, { verdict, reason }]) => ({ lie, verdict, reason })),
    ),
  ];
}
