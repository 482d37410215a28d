/**
 * How the search indexes and ranks pages. VitePress sends `options` and `searchOptions` to the
 * browser as text: each function must be complete in itself.
 */
export const miniSearch = {
  options: {
    fields: ['title', 'titles', 'text', 'words'],
    storeFields: ['title', 'titles'],
    // A section comes as its words, a zero character and its text: see `splitIntoSections`.
    extractField: (section, field) => {
      if (field === 'words') return section.text.split('\0')[0];
      return field === 'text' ? section.text.split('\0')[1] : section[field];
    },
    // Without the words of a question, in the singular; `uploadDirectory` is also `upload` and
    // `directory`.
    processTerm: (term) => {
      const stops =
        'a an and any are as at be by can do does for from get how i if in is it its me my of on or so that the there this to use using was what when where which who why will with you your';
      const singular = (word) => word.replace(/ies$/, 'y').replace(/(?<=..[^su])s$/, '');
      const words = [term, ...term.split(/(?<=[a-z0-9])(?=[A-Z])/)].map((word) =>
        singular(word.toLowerCase()),
      );
      return [...new Set(words)].filter((word) => word !== '' && !stops.split(' ').includes(word));
    },
  },
  searchOptions: {
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 5 ? 0.15 : false),
    boost: { title: 5, words: 4, titles: 2, text: 1 },
    // Guides before the reference for a word; the name of an export leads to its page by its title.
    boostDocument: (id) => {
      if (id.startsWith('/guides/')) return 3;
      if (id.startsWith('/packages/')) return 1.5;
      return id.startsWith('/reference/') ? 1 : 0.5;
    },
  },
};

const HEADING = /<h([1-6])[^>]*?>(.*?)<a [^>]*?href="#([^"]*)"[^>]*>.*?<\/a><\/h\1>/gs;
/** Headings of every page of the reference; what stands below them belongs to the member above. */
const GENERAL =
  /^(Call Signature|Constructors?|Default Value|Example|Extended by|Extends|Implementation of|Implements|Index|Inherited from|Members|Methods|Overrides|Parameters|Properties|Returns|See|Throws|Type Declaration|Type Parameters|Unit|Values)$/;

/**
 * The HTML of a page for the index. Code is not highlighted there, which takes most of the time.
 *
 * @param {ReadonlyMap<string, string>} words what else finds each page
 */
export function renderForSearch(text, env, md, words) {
  const html = md.render(text.replace(/^(\s*`{3,})\S.*$/gm, '$1'), env);
  return `${words.get(env.relativePath) ?? ''}\0${html}`;
}

/**
 * @param {string} _path
 * @param {string} page what `renderForSearch` made
 * @returns {{ anchor: string, titles: string[], text: string }[]} a section for each heading
 */
export function splitIntoSections(_path, page) {
  const [words = '', html = ''] = page.split('\0');
  const parts = html.split(HEADING);
  const sections = [];
  const trail = [];
  for (let at = 1; at < parts.length; at += 4) {
    const [level, heading, anchor, content] = parts.slice(at, at + 4);
    const title = plain(heading);
    const text = plain(content);
    if (/^(Re-exports|References)$/.test(title)) break;
    if (sections.length > 0 && GENERAL.test(title)) {
      sections.at(-1).text += ` ${text}`;
      continue;
    }
    trail.splice(Number(level) - 1);
    trail[Number(level) - 1] = title;
    sections.push({
      anchor,
      titles: trail.filter((each) => each !== undefined),
      text: `${sections.length === 0 ? words : ''}\0${text}`,
    });
  }
  return sections;
}

function plain(html) {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
