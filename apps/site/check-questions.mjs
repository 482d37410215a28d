import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import MiniSearch from 'minisearch';
import { questions } from './questions.mjs';
import { miniSearch } from './search.mjs';

/** An answer has to be among the first hits. */
const FIRST = 3;

/**
 * Asks the search index that was built, as the page does.
 *
 * @param {string} out the folder of the built site
 * @returns {Promise<(question: string) => string[]>} the addresses of the hits, best first
 */
async function openSearch(out) {
  const chunks = join(out, 'assets/chunks');
  const name = readdirSync(chunks).find((file) => file.startsWith('@localSearchIndexroot'));
  const { default: json } = await import(pathToFileURL(join(chunks, name)).href);
  const index = MiniSearch.loadJSON(json, {
    ...miniSearch.options,
    searchOptions: miniSearch.searchOptions,
  });
  return (question) => index.search(question).map(({ id }) => id);
}

/**
 * @param {string} out the folder of the built site
 * @returns {Promise<{ questions: number, ranks: [question: string, rank: number][], problems:
 * string[] }>} rank 0: not found
 */
export async function checkQuestions(out) {
  const search = await openSearch(out);
  const ranks = Object.entries(questions).map(([question, answers]) => {
    const hits = search(question);
    return [
      question,
      hits.findIndex((hit) => answers.some((answer) => hit.startsWith(answer))) + 1,
      hits.slice(0, FIRST),
    ];
  });
  const problems = ranks
    .filter(([, rank]) => rank === 0 || rank > FIRST)
    .map(
      ([question, rank, hits]) =>
        `search "${question}": the answer is hit ${rank}, after ${hits.join(', ')}`,
    );
  return {
    questions: ranks.length,
    ranks: ranks.map(([question, rank]) => [question, rank]),
    problems,
  };
}
