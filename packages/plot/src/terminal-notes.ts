import type { ChartEvent, ChartThreshold } from './draw-options.js';
import type { PanelDraft } from './layout-types.js';
import { type ReadEvent, readEvents, spanOf } from './marks/event-bands.js';
import type { FullModel } from './parts/all-parts.js';
import { thresholdsOn } from './parts/threshold-lines.js';
import { share, valueFormat } from './value-axis.js';

/** Types of events with a row of their own, and spans that a caption names. */
const MOST = { types: 8, spans: 3 };
const OTHERS = '·';

/** Rows of marks and their captions: what charts have besides lines, in characters. */
export interface TextNotes {
  readonly rows: readonly string[];
  readonly captions: readonly string[];
}

/** A row of letters for each type of events in the window. */
export function eventNotes({ events, start, end, zone }: FullModel, width: number): TextNotes {
  const types = new Map<string, ReadEvent[]>();
  for (const event of readEvents(events)) {
    const { type, startTime = start, endTime = end } = event;
    if (startTime > end || endTime < start) continue;
    const known = types.get(type);
    if (known === undefined) types.set(type, [event]);
    else known.push(event);
  }
  const all = [...types];
  const named = all.length > MOST.types ? all.slice(0, MOST.types - 1) : all;
  const others = all.slice(named.length);
  const column = (time: number): number => Math.round(share(start, end, time) * (width - 1));
  const rowOf = (shown: readonly ChartEvent[], letter: string): string => {
    const cells = Array<string>(width).fill(' ');
    for (const { startTime = start, endTime = end } of shown)
      cells.fill(letter, column(Math.max(startTime, start)), column(Math.min(endTime, end)) + 1);
    return cells.join('').trimEnd();
  };
  const lettered = named.map(([type, shown], index) => {
    const letter = String.fromCodePoint(97 + index);
    const spans = shown.slice(0, MOST.spans).map((event) => spanOf(event, zone));
    const rest = shown.length - spans.length;
    if (rest > 0) spans.push(`and ${rest} more`);
    const count = shown.length > 1 ? `, ${shown.length} times` : '';
    return { row: rowOf(shown, letter), caption: `${letter} ${type}${count}: ${spans.join('; ')}` };
  });
  if (others.length > 0)
    lettered.push({
      row: rowOf(
        others.flatMap(([, shown]) => shown),
        OTHERS,
      ),
      caption: `${OTHERS} ${others.length} other types of events`,
    });
  return {
    rows: lettered.map(({ row }) => row),
    captions: lettered.map(({ caption }) => caption),
  };
}

/** The lines across a panel: those that its axis reaches, and no others. */
export function linesAcross({ thresholds }: FullModel, panel: PanelDraft): ChartThreshold[] {
  const { low, high, names } = panel.axis;
  // The rows of states have no values.
  return names
    ? []
    : thresholdsOn(thresholds, panel.unit, panel.place, panel.places).filter(
        ({ value }) => value >= low && value <= high,
      );
}

/** The names of thresholds, with their values. */
export function thresholdCaptions(model: FullModel, panels: readonly PanelDraft[]): string[] {
  const format = valueFormat(model.zone.locale);
  return panels.flatMap((panel) =>
    linesAcross(model, panel).map(
      ({ value, label = 'threshold' }) =>
        `╌ ${label} (${format(value)}${panel.unit && ` ${panel.unit}`})`,
    ),
  );
}
