import { formatColumn } from './cells.js';
import { displayWidth, fitText, padText } from './display-width.js';
import { counted, type Frame, type PrintSettings } from './frame.js';

/** Between two columns. */
const GAP = '  ';

/** Widest column, unless there is room to spare. */
const WIDEST = 32;

interface Drawn {
  readonly name: string;
  /** Name, unit where any column has one, and the rows. */
  readonly lines: readonly string[];
  readonly isRight: boolean;
  /** The width that it would take. */
  readonly wanted: number;
}

/** The lines of a frame. */
export function textOfFrame(frame: Frame, settings: PrintSettings): string {
  const { columns: width } = settings;
  const columns = drawColumns(frame, settings);
  const widths = widthsOf(columns, width);
  const shown = columns.slice(0, widths.length);
  const lines = (shown[0]?.lines ?? []).map((_, line) =>
    shown
      .map(({ lines, isRight }, index) => {
        const room = widths[index] as number;
        return padText(fitText(lines[line] as string, room), room, isRight);
      })
      .join(GAP)
      .trimEnd(),
  );
  const title = frame.title === undefined ? [] : [fitText(frame.title, width)];
  return [
    ...title,
    ...lines,
    fitText(summaryOf(frame.summary, columns.slice(widths.length)), width),
  ].join('\n');
}

function drawColumns(
  { columns, head }: Frame,
  { timeZone, columns: width }: PrintSettings,
): Drawn[] {
  const hasUnits = columns.some(({ unit }) => unit !== undefined);
  return columns.map((column) => {
    const { texts, isRight } = formatColumn(column, timeZone);
    const rows = head === undefined ? texts : [...texts.slice(0, head), '…', ...texts.slice(head)];
    // The longest text of a cell that can be of use.
    const most = Number.isFinite(width) ? width : 1000;
    const lines = [column.name, ...(hasUnits ? [column.unit ?? ''] : []), ...rows].map((text) =>
      fitText(text, most),
    );
    const wanted = Math.max(1, ...lines.map(displayWidth));
    return { name: column.name, lines, isRight, wanted };
  });
}

/** The widths of the columns that there is room for, at least of one. */
function widthsOf(columns: readonly Drawn[], width: number): number[] {
  const widths: number[] = [];
  let left = width;
  for (const { wanted, isRight } of columns) {
    // Digits that are cut off make another number.
    const room = isRight ? wanted : Math.min(wanted, WIDEST);
    const taken = room + (widths.length > 0 ? GAP.length : 0);
    if (taken > left && widths.length > 0) break;
    widths.push(Math.min(room, width));
    left -= taken;
  }
  return widths.map((room, index) => {
    const more = Math.min(Math.max(0, left), (columns[index] as Drawn).wanted - room);
    left -= Math.max(0, more);
    return room + Math.max(0, more);
  });
}

function summaryOf(summary: string, hidden: readonly Drawn[]): string {
  if (hidden.length === 0) return summary;
  const names = hidden.slice(0, 20).map(({ name }) => fitText(name, WIDEST));
  return `${summary}, ${counted(hidden.length, 'column')} not shown: ${names.join(', ')}${hidden.length > 20 ? ', …' : ''}`;
}
