/** A check of answers, and how it is switched off. */
export interface Check {
  readonly name: string;
  readonly path: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  /** What it is replaced by. */
  readonly without: string;
  /** Which rounds can tell: a regular expression on `operation | lie`. */
  readonly only: string;
}

/** The checks that the lying server has to miss when they are switched off, one at a time. */
export const CHECKS: readonly Check[] = [
  {
    name: 'a page has an array of items',
    path: 'packages/core/src/resources/answers.ts',
    text: 'if (!Array.isArray(items)) throw unexpected(',
    without: 'if (!Array.isArray(items)) return { items: [] }; if (label === "") throw unexpected(',
    only: 'search \\| (items null|items missing|items an object)',
  },
  {
    name: 'the items of a page are objects',
    path: 'packages/core/src/resources/answers.ts',
    text: 'if (wrong >= 0) throw',
    without: 'if (wrong > Infinity) throw',
    only: '(walked|search) \\| element',
  },
  {
    name: 'an answer is an object',
    path: 'packages/core/src/resources/answers.ts',
    text: 'if (isObject(answer)) return answer;',
    without: 'return answer as object;',
    only: '\\| JSON (null|array|string)',
  },
  {
    name: 'an answer with an error is no success',
    path: 'packages/core/src/resources/answers.ts',
    text: 'if (error !== undefined && error !== null) throw',
    without: 'if (error === Infinity) throw',
    only: '(delete|insert).* \\| 200 with an error',
  },
  {
    name: 'an answer has what was asked for',
    path: 'packages/core/src/resources/match-answers.ts',
    text: 'foreign > 0',
    without: 'foreign > Infinity',
    only: '(retrieve|create|update) \\| item foreign',
  },
  {
    name: 'an answer has no more than was asked for',
    path: 'packages/core/src/resources/match-answers.ts',
    text: ': items.length > sent.length',
    without: ': items.length > Infinity',
    only: '(retrieve|retrieveMultiple|create|update) \\| item doubled',
  },
  {
    name: 'an answer to a write has every item',
    path: 'packages/core/src/resources/match-answers.ts',
    text: ': isWhole && answered < sent.length',
    without: ': isWhole && answered < 0',
    only: '(create|update) \\| item dropped',
  },
  {
    name: 'items are told by their identity, not by their place',
    path: 'packages/core/src/resources/match-answers.ts',
    text: 'if (items.length === sent.length && items.every((item, index) => repeats(item, sent[index] ?? [])))',
    without: 'if (items.length === sent.length)',
    only: '(create|update|upsert.*) \\| (items swapped|item foreign)',
  },
  {
    name: 'what a lacking answer confirms is successful',
    path: 'packages/core/src/resources/writes.ts',
    text: 'return error instanceof IncompleteAnswer ? error.answers : [];',
    without: 'return [];',
    only: '(create|update) \\| (item dropped|element null)',
  },
  {
    name: 'what is no object confirms nothing',
    path: 'packages/core/src/resources/writes.ts',
    text: 'const wrong = items.includes(nothing) ?',
    without: 'const wrong = items.length < 0 ?',
    only: '(create|update) \\| element',
  },
  {
    name: 'what got no answer is unknown',
    path: 'packages/core/src/resources/writes.ts',
    text: "delivery === 'unknown' ? 'unknown' : 'failed'",
    without: "'failed'",
    only: '(create|delete|update|insert).* \\| (cut|connection lost|status 500)',
  },
  {
    name: 'only 4xx refuses',
    path: 'packages/core/src/errors.ts',
    text: 'const isRefusal = details.status >= 400 && details.status < 500;',
    without: 'const isRefusal = details.status < 500;',
    only: '(create|update|insert).* \\| redirect',
  },
  {
    name: 'a cursor is followed once',
    path: 'packages/core/src/resources/cursors.ts',
    text: 'if (this.#sent.has(cursor)) throw',
    without: "if (this.#sent.has(cursor + ' ')) throw",
    only: 'walked \\| (cursor repeated|cursors alternating)',
  },
  {
    name: 'empty pages are followed 100 times',
    path: 'packages/core/src/resources/cursors.ts',
    text: 'const MOST_EMPTY = 100;',
    without: 'const MOST_EMPTY = Infinity;',
    only: 'walked \\| endless empty pages',
  },
  {
    name: 'an item of a list is there once',
    path: 'packages/core/src/resources/listing.ts',
    text: 'return key === undefined || seen.add(key);',
    without: 'return seen.add({ key });',
    only: 'walked \\| item doubled',
  },
  {
    name: 'a match of a search is there once',
    path: 'packages/core/src/resources/operations.ts',
    text: 'id === undefined || seen.add(id)',
    without: 'seen.add({ id })',
    only: 'search \\| item doubled',
  },
  {
    name: 'the partitions have what the first page has',
    path: 'packages/core/src/resources/partitions.ts',
    text: 'if (absent.length > 0) await confirmAbsence',
    without: 'if (absent.length > Infinity) await confirmAbsence',
    only: 'partitions \\| (item dropped|empty page)',
  },
  {
    name: 'items without an identity have no place in the order',
    path: 'packages/core/src/resources/partitions.ts',
    text: 'compare(item, item) === 0;',
    without: 'compare(item, item) !== 1;',
    only: '(partitions|first page) \\| item emptied',
  },
  {
    name: 'an answer is bounded',
    path: 'packages/core/src/transport/body/response.ts',
    text: 'if (size > most',
    without: 'if (size > Infinity',
    only: '(retrieve|search) \\| endless body',
  },
  {
    name: 'a row of an aggregate has a count and a value',
    path: 'packages/core/src/resources/aggregates.ts',
    text: "if (typeof count === 'number' && Array.isArray(values) && values.length > 0)",
    without: 'if (count !== Infinity)',
    only: 'unique.* \\| (item emptied|count a string)',
  },
  {
    name: 'a count is a number',
    path: 'packages/core/src/resources/aggregates.ts',
    text: "if (typeof item?.count === 'number') return item.count;",
    without: 'if (item !== null) return item?.count as number;',
    only: '(count|cardinality.*) \\| (count a string|item dropped)',
  },
  {
    name: 'the projects of a token have names',
    path: 'packages/core/src/client/token-inspection.ts',
    text: "if (projects.some((project) => typeof project?.projectUrlName !== 'string'))",
    without: 'if (projects.length > Infinity)',
    only: '(inspect|status) \\| (element|item emptied)',
  },
  {
    name: 'a partition of a subscription goes on somewhere',
    path: 'packages/timeseries/src/subscriptions/consume.ts',
    text: "if (typeof cursor !== 'string' || cursor === '')",
    without: "if (typeof cursor === 'bigint')",
    only: 'consume \\| (cursor null|cursor empty|cursor number)',
  },
  {
    name: 'times ascend',
    path: 'packages/datapoints/src/read/series/check-points.ts',
    text: 'isWrong ||= !(time > last);',
    without: 'isWrong ||= Number.isNaN(time);',
    only: 'datapoints.retrieve.* \\| (times descend|point doubled)',
  },
  {
    name: 'times are in the window',
    path: 'packages/datapoints/src/read/series/check-points.ts',
    text: '(timestamps[0] as number) < from || last >= to',
    without: '(timestamps[0] as number) < -Infinity',
    only: 'datapoints.retrieve.* \\| point (before|behind) the window',
  },
  {
    name: 'good points have a value',
    path: 'packages/datapoints/src/read/series/check-points.ts',
    text: 'if (first !== undefined && ignoreBadDataPoints !== false)',
    without: 'if (first === Infinity)',
    only: 'datapoints.retrieve.*JSON \\| point value missing',
  },
  {
    name: 'series are those that were asked for',
    path: 'packages/datapoints/src/read/match-series.ts',
    text: 'if (identity === undefined || !isFree || repeats(item, identity) === false)',
    without: 'if (identity === undefined)',
    only: 'datapoints.* \\| series foreign',
  },
  {
    name: 'every series is there',
    path: 'packages/datapoints/src/read/match-series.ts',
    text: 'if (isWhole && items.length < asked.length) throw',
    without: 'if (isWhole && items.length < 0) throw',
    only: 'datapoints.retrieve of several.* \\| series dropped',
  },
];
