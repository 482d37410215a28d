/**
 * The difference of a number in the table that makes the table out of date: smaller ones come and
 * go with every change.
 *
 * @unit kB
 */
const TOLERANCE = 0.5;

const MARKED = /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/;
const NUMBER = /\d+\.\d/g;

/** A Markdown table. */
export function markdownTable(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The document with the table between its marks. */
export function withTable(document, table) {
  return document.replace(MARKED, (_, start, end) => `${start}${table}\n${end}`);
}

/** True if the table in a document differs from this one by more than the tolerance. */
export function isOutOfDate(document, table) {
  const [shown = ''] = MARKED.exec(document) ?? [];
  const words = (text) => text.replace(NUMBER, '#');
  if (words(shown) !== words(withTable(document, table).match(MARKED)?.[0] ?? '')) return true;
  const [before, after] = [shown, table].map((text) => (text.match(NUMBER) ?? []).map(Number));
  return before.some((number, index) => Math.abs(number - after[index]) > TOLERANCE + 1e-9);
}
