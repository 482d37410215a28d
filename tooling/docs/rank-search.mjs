import { IndexEvent, normalizePath, ReflectionKind } from 'typedoc';

/** Of the group; TypeDoc's own weights are 10 for a name and 1 for a text. */
const BOOSTS = { Guides: 60, Decisions: 1 };
const HEADINGS = 5;
const WORDS = 60;
/** An option named `retry` says less about retries than a guide does; one named `backoffLimitMs` is what somebody looks for. */
const PLAIN_WORD = 0.02;

/**
 * Has the search list guides before the reference for what is a word, and the reference first for a name of it.
 *
 * @param {import('typedoc').Application} app
 * @param {readonly { path: string, words?: string }[]} pages
 */
export function rankSearch(app, pages) {
  const words = new Map(pages.map(({ path, words }) => [normalizePath(path), words ?? '']));
  app.renderer.on(IndexEvent.PREPARE_INDEX, (event) => {
    event.searchFieldWeights.headings = HEADINGS;
    event.searchFieldWeights.words = WORDS;
    for (let index = event.searchResults.length - 1; index >= 0; index -= 1) {
      const reflection = event.searchResults[index];
      // What an umbrella hands on is found where it is declared.
      if (reflection.kindOf(ReflectionKind.Reference)) event.removeResult(index);
      else if (reflection.isDocument()) {
        const text = reflection.content.map((part) => part.text).join('');
        const path = reflection.project.files.getReflectionPath(reflection);
        event.searchFields[index] = { headings: headingsOf(text), words: words.get(path) ?? '' };
        reflection.relevanceBoost = BOOSTS[reflection.frontmatter.group];
      } else if (/^[A-Z]?[a-z]+$/.test(reflection.name)) reflection.relevanceBoost = PLAIN_WORD;
    }
  });
}

/** With the singular of what ends in `ies`, which has other letters. */
function headingsOf(text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading).join('\n');
  const singulars = [...headings.matchAll(/(\w+)ies\b/g)].map(([, stem]) => `${stem}y`);
  return [headings, ...singulars].join('\n');
}
