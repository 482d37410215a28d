import { printable } from '../values/text.js';
import { formatColumn } from './cells.js';
import { fitText } from './display-width.js';
import { counted, type Frame, type PrintSettings } from './frame.js';

/** Columns of a page, which scrolls. */
const MOST_COLUMNS = 50;

/** Characters of a cell. */
const MOST_CHARACTERS = 200;

/**
 * A frame as a table for notebooks. Text from outside is escaped: it is neither a tag nor a script.
 */
export function htmlOfFrame(frame: Frame, { timeZone }: PrintSettings): string {
  const { columns, head, title, summary } = frame;
  const shown = columns.slice(0, MOST_COLUMNS).map((column) => {
    const { texts, isRight } = formatColumn(column, timeZone);
    const cells = head === undefined ? texts : [...texts.slice(0, head), '…', ...texts.slice(head)];
    return {
      ...column,
      cells,
      style: `style="text-align:${isRight ? 'right' : 'left'};white-space:pre"`,
    };
  });
  const row = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text, index) => `<${tag} ${shown[index]?.style}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const hasUnits = shown.some(({ unit }) => unit !== undefined);
  const header = [
    row(
      'th',
      shown.map(({ name }) => name),
    ),
    ...(hasUnits
      ? [
          row(
            'th',
            shown.map(({ unit = '' }) => unit),
          ),
        ]
      : []),
  ];
  const body = (shown[0]?.cells ?? []).map((_, index) =>
    row(
      'td',
      shown.map(({ cells }) => cells[index] as string),
    ),
  );
  const hidden = columns.length - shown.length;
  return [
    '<table style="font-variant-numeric:tabular-nums">',
    title === undefined ? '' : `<caption style="text-align:left">${escapeHtml(title)}</caption>`,
    `<thead>${header.join('')}</thead><tbody>${body.join('')}</tbody></table>`,
    `<p>${escapeHtml(hidden > 0 ? `${summary}, ${counted(hidden, 'column')} not shown` : summary)}</p>`,
  ].join('');
}

function escapeHtml(text: string): string {
  return printable(fitText(text, MOST_CHARACTERS)).replace(
    /[&<>"']/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
