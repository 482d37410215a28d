/**
 * A fenced block of TypeScript in a Markdown file.
 *
 * @typedef {{ file: string, line: number, runs: 'run' | 'browser' | 'test' | undefined, code:
 *   string }} Block `line` is that of the first line of code
 */

const FENCE = /^(\s*)(`{3,})(.*)$/;

/** Words that may stand behind `ts`: where the block is run, against the emulator. */
const MARKS = ['run', 'browser', 'test'];

/**
 * The blocks that start with ` ```ts ` (types are checked), and those that are run as well: `
 * ```ts run ` by Node, ` ```ts browser ` by Chromium, ` ```ts test ` by vitest. ` ```js tested ` is
 * JavaScript that a test of its own runs.
 *
 * @param {string} file how messages name it
 * @param {string} text the Markdown
 * @returns {Block[]}
 * @throws {Error} on a block that is not closed, and on words after `ts` that mean nothing
 */
export function blocksOf(file, text) {
  const blocks = [];
  let open;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent, ticks, info] = FENCE.exec(line) ?? [];
    if (open === undefined && ticks !== undefined) {
      open = { ticks, line: index + 2, words: info.trim().split(/\s+/), indent, code: [] };
    } else if (open !== undefined && ticks === open.ticks && info.trim() === '') {
      const block = toBlock(file, open);
      if (block !== undefined) blocks.push(block);
      open = undefined;
    } else if (open !== undefined) {
      open.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: the block is not closed`);
  return blocks;
}

function toBlock(file, { line, words: [language, ...marks], code }) {
  if (language === 'js' && marks.join() === 'tested') return undefined;
  if (/^(typescript|tsx|js|javascript|mjs)$/.test(language))
    throw new Error(`${file}:${line - 1}: write "ts", or the block is not checked`);
  if (language !== 'ts') return undefined;
  if (marks.length > 1 || (marks.length === 1 && !MARKS.includes(marks[0])))
    throw new Error(
      `${file}:${line - 1}: "ts ${marks.join(' ')}" means nothing; there is "ts ${MARKS.join('", "ts ')}"`,
    );
  return { file, line, runs: marks[0], code: code.join('\n') };
}
