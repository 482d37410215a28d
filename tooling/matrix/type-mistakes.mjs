/**
 * Usual mistakes, and words of the compiler that explain them: those that every version from 5.4 on
 * says. `code` is in a module that has a `client`, and `series`, a time series.
 *
 * @type {{ mistake: string, code: string, says: (string | RegExp)[] }[]}
 */
export const MISTAKES = [
  {
    mistake: 'a token from a variable that is not set',
    code: 'new Token(process.env.NOT_SET_TOKEN);',
    says: [
      "'string | undefined' is not assignable to parameter of type",
      "'undefined' is not assignable to type",
    ],
  },
  {
    mistake: 'a wrong granularity',
    code: "client.datapoints.retrieve({ id: 1, aggregates: ['max'], granularity: '1x' });",
    says: [`Type '"1x"' is not assignable to type 'Granularity`],
  },
  {
    mistake: 'aggregates without granularity',
    code: "client.datapoints.retrieve({ id: 1, aggregates: ['max'] });",
    says: ["Property 'granularity' is missing", "but required in type 'AggregateRange<Aggregate>'"],
  },
  {
    mistake: 'an aggregate that does not exist',
    code: "client.datapoints.retrieve({ id: 1, aggregates: ['avg'], granularity: '1h' });",
    says: [`Type '"avg"' is not assignable to type 'Aggregate'`],
  },
  {
    mistake: 'a misspelled value of a point',
    code: 'client.datapoints.insert({ id: 1 }, [{ timestamp: 0, vaule: 1 }]);',
    says: ["'vaule' does not exist in type 'DatapointRow | DatapointTuple'"],
  },
  {
    mistake: 'a string for the time of a point',
    code: "client.datapoints.insert({ id: 1 }, [{ timestamp: '2024-07-01', value: 1 }]);",
    says: ["Type 'string' is not assignable to type 'PointTime'"],
  },
  {
    mistake: 'points that were not awaited',
    code: 'client.datapoints.retrieve({ id: 1 }).toTable();',
    says: ["Property 'toTable' does not exist on type 'Promise<", "Did you forget to use 'await'?"],
  },
  {
    mistake: 'a misspelled option',
    code: "client.datapoints.retrieve({ id: 1, strat: '1d-ago' });",
    says: ["'strat' does not exist in type", "Did you mean to write 'start'?"],
  },
  {
    mistake: 'an unknown option of a call',
    code: 'client.assets.list({}, { timeout: 5000 });',
    says: ["'timeout' does not exist in type 'CallOptions'"],
  },
  {
    mistake: 'a misspelled filter',
    code: "client.timeSeries.list({ filter: { unti: 'bar' } });",
    says: ["'unti' does not exist in type 'TimeSeriesFilter'"],
  },
  {
    mistake: 'a path where content is expected',
    code: "client.files.upload('june.pdf', { name: 'june.pdf' });",
    says: ["'string' is not assignable to parameter of type 'UploadContent'"],
  },
  {
    mistake: 'a create without a name',
    code: "client.assets.create({ externalId: 'pump-1' });",
    says: ["Property 'name' is missing", "but required in type 'AssetCreate'"],
  },
  {
    mistake: 'one aggregate without its list',
    code: "client.datapoints.retrieve({ id: 1, aggregates: 'average', granularity: '1h' });",
    says: ["Type 'string' is not assignable to type 'readonly Aggregate[]'"],
  },
  {
    mistake: 'a granularity in words',
    code: "client.datapoints.retrieve({ id: 1, aggregates: ['max'], granularity: '1hour' });",
    says: [`Type '"1hour"' is not assignable to type 'Granularity`],
  },
  {
    mistake: 'a granularity without aggregates',
    code: "client.datapoints.retrieve({ id: 1, granularity: '1h' });",
    says: [
      'is not assignable to type',
      /GranularityNeedsAggregates|Property 'aggregates' is missing/,
    ],
  },
  {
    mistake: 'a granularity of a plot without aggregates',
    code: "series.plot({ granularity: '1h' });",
    says: ["Property 'aggregates' is missing"],
  },
  {
    mistake: 'aggregates of several series without granularity',
    code: "client.datapoints.retrieve({ items: [{ id: 1 }, { id: 2 }], aggregates: ['max'] });",
    says: ["Property 'granularity' is missing"],
  },
  {
    mistake: 'a method of a list that was not awaited',
    code: 'client.assets.list().map((asset) => asset.name);',
    says: ["Property 'map' does not exist on type 'Listing<", "Did you forget to use 'await'?"],
  },
  {
    mistake: 'the length of a list that was not awaited',
    code: 'client.assets.list().length;',
    says: ["Property 'length' does not exist on type 'Listing<", "Did you forget to use 'await'?"],
  },
  {
    mistake: 'a loop over a list that was not awaited',
    code: 'for (const asset of client.assets.list()) console.log(asset);',
    says: ["must have a '[Symbol.iterator]()' method", "Did you forget to use 'await'?"],
  },
  {
    mistake: 'a plot that was not awaited',
    code: "series.plot().save('pressure.svg');",
    says: ["Property 'save' does not exist on type 'Promise<", "Did you forget to use 'await'?"],
  },
  {
    mistake: 'an id in quotes',
    code: "client.timeSeries.retrieve({ id: '42' });",
    says: ["Type 'string' is not assignable to type 'number'"],
  },
  {
    mistake: 'an identifier without its name',
    code: "client.timeSeries.retrieve('pump-1');",
    says: ["'string' is not assignable to parameter of type 'Identifier'"],
  },
  {
    mistake: 'an aggregate that was not asked for',
    code: "client.datapoints.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' }).then((points) => points.average);",
    says: ["Property 'average' does not exist on type 'Datapoints<\"max\""],
  },
  {
    mistake: 'numbers of a series that may hold strings',
    code: 'client.datapoints.retrieve({ id: 1 }).then((points) => points.values.fill(0));',
    says: ["Property 'fill' does not exist on type 'readonly string[]'"],
  },
  {
    mistake: 'a deletion without an end',
    code: "client.datapoints.deleteRange({ id: 1, start: '2d-ago' });",
    says: ["Property 'end' is missing"],
  },
  {
    mistake: 'a word that Temporal does not have',
    code: "client.datapoints.retrieve({ id: 1, start: '2024-03-31 02:30', timeZone: 'Europe/Oslo', disambiguation: 'first' });",
    says: [`Type '"first"' is not assignable to type 'Disambiguation`],
  },
];

const HEAD = `import { CdfClient, Token, type TimeSeries } from '@cdf/sdk';
declare const client: CdfClient;
declare const series: TimeSeries;
declare const process: { readonly env: { readonly [name: string]: string | undefined } };
`;

/** A module with every mistake, one in a line. */
export function moduleOfMistakes() {
  return `${HEAD}${MISTAKES.map(({ code }) => code).join('\n')}\n`;
}

/**
 * The words that a compiler should say of a mistake and does not, and mistakes that it accepts.
 *
 * @param {string} output of `tsc --pretty`, without colours
 * @param {string} file the module's name
 */
export function unsaid(output, file) {
  const first = HEAD.split('\n').length;
  const begins = new RegExp(`^${file.replaceAll('.', '\\.')}:(\\d+):\\d+ - error`);
  const said = new Map();
  let line = 0;
  for (const text of output.split('\n')) {
    line = Number(begins.exec(text)?.[1] ?? line);
    said.set(line, `${said.get(line) ?? ''}${text}\n`);
  }
  return MISTAKES.flatMap(({ mistake, says }, index) => {
    const all = said.get(first + index) ?? 'it compiles\n';
    const isSaid = (words) => (typeof words === 'string' ? all.includes(words) : words.test(all));
    return says
      .filter((words) => !isSaid(words))
      .map((words) => `${mistake}: no "${words}" in\n${all}`);
  });
}
