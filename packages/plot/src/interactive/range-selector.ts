import type { ChartModel } from '../chart-model.js';
import { draftPanels } from '../layout.js';
import type { Layout, Panel } from '../layout-types.js';
import type { Palette } from '../palette.js';
import { placeOn, share } from '../value-axis.js';
import { paintSeries } from './canvas.js';
import { box, child } from './element.js';

/** The window of a chart, as a selector reads and moves it. */
export interface WindowTarget {
  window(): { readonly start: number; readonly end: number };
  show(start: number, end: number): void;
}

/** Something below a chart that follows it. */
export interface Attachment {
  draw(model: ChartModel, layout: Layout, colors: Palette): void;
  destroy(): void;
}

/** Height of the strip, and room above and below it. @unit pixels */
const STRIP = 46;
/** A handle is as wide as a finger needs, around the edge that it moves. @unit pixels */
const HANDLE = 24;
/** The height of the strip and the room below it. @unit pixels */
export const SELECTOR_HEIGHT: number = STRIP + 12;

type Grip = 'start' | 'end' | 'both';

/**
 * All of the chart in a strip below it, with the window that is shown above as a box: its edges are
 * dragged, or moved by arrow keys, and the box is moved as a whole; a drag beside it is a new
 * window.
 */
export function attachRangeSelector(root: HTMLElement, target: WindowTarget): Attachment {
  const ending = new AbortController();
  const { signal } = ending;
  const strip = child(root, 'div', {
    position: 'relative',
    height: `${SELECTOR_HEIGHT}px`,
    touchAction: 'pan-y',
  });
  strip.dataset.selector = '';
  const canvas = child(strip, 'canvas', { position: 'absolute', pointerEvents: 'none' });
  const outside = [0, 1].map(() =>
    child(strip, 'div', { position: 'absolute', pointerEvents: 'none', opacity: '.6' }),
  );
  const shown = child(strip, 'div', {
    position: 'absolute',
    boxSizing: 'border-box',
    cursor: 'grab',
  });
  let current: { readonly model: ChartModel; readonly layout: Layout } | undefined;
  const handles = (['start', 'end'] as const).map((grip) => {
    const handle = child(strip, 'div', {
      position: 'absolute',
      cursor: 'ew-resize',
      touchAction: 'none',
    });
    handle.tabIndex = 0;
    handle.setAttribute('role', 'slider');
    handle.setAttribute(
      'aria-label',
      grip === 'start' ? 'Begin of the window' : 'End of the window',
    );
    const bar = child(handle, 'div', {
      position: 'absolute',
      borderRadius: '3px',
      pointerEvents: 'none',
    });
    Object.assign(bar.style, box(HANDLE / 2 - 3, STRIP / 2 - 10, 6, 20));
    handle.addEventListener('keydown', (event) => onKey(event, grip), { signal });
    return { handle, bar };
  });

  const timeAt = (x: number): number => {
    if (current === undefined) return 0;
    const { model, layout } = current;
    const part = Math.min(Math.max((x - layout.left) / layout.plotWidth, 0), 1);
    return model.start + part * (model.end - model.start);
  };
  const move = (grip: Grip, by: number): void => {
    if (current === undefined) return;
    const { start, end } = target.window();
    const { model } = current;
    const least = (model.end - model.start) / 1000;
    if (grip === 'both') target.show(start + by, end + by);
    else if (grip === 'start')
      target.show(Math.max(model.start, Math.min(start + by, end - least)), end);
    else target.show(start, Math.min(model.end, Math.max(end + by, start + least)));
  };
  const onKey = (event: KeyboardEvent, grip: Grip): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || current === undefined) return;
    const { start, end } = current.model;
    const step = (end - start) / (event.shiftKey ? 10 : 100);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      Home: start - end,
      End: end - start,
    };
    const by = moves[event.key];
    // The other keys are those of the chart.
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(grip, by);
  };

  let drag:
    | { readonly grip: Grip | 'new'; readonly pointer: number; x: number; readonly from: number }
    | undefined;
  const place = (event: PointerEvent): number => event.clientX - strip.getBoundingClientRect().left;
  strip.addEventListener(
    'pointerdown',
    (event) => {
      // A drag here is not a drag in the chart.
      event.stopPropagation();
      if (event.button !== 0 || drag !== undefined) return;
      const index = handles.findIndex(({ handle }) => handle === event.target);
      const grip =
        index >= 0 ? (['start', 'end'] as const)[index] : event.target === shown ? 'both' : 'new';
      const x = place(event);
      drag = { grip: grip as Grip | 'new', pointer: event.pointerId, x, from: timeAt(x) };
      strip.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  strip.addEventListener(
    'pointermove',
    (event) => {
      if (drag === undefined || event.pointerId !== drag.pointer) return;
      event.stopPropagation();
      const x = place(event);
      const time = timeAt(x);
      if (drag.grip === 'new') {
        if (Math.abs(x - drag.x) > 4)
          target.show(Math.min(drag.from, time), Math.max(drag.from, time));
        return;
      }
      const by = time - timeAt(drag.x);
      drag.x = x;
      move(drag.grip, by);
    },
    { signal },
  );
  const endDrag = (event: PointerEvent): void => {
    event.stopPropagation();
    if (event.pointerId === drag?.pointer) drag = undefined;
  };
  strip.addEventListener('pointerup', endDrag, { signal });
  strip.addEventListener('pointercancel', endDrag, { signal });

  return {
    draw(model, layout, colors) {
      current = { model, layout };
      const { left, plotWidth } = layout;
      const view = { ...layout.view, start: model.start, end: model.end, height: undefined };
      const drafts = draftPanels(model, view, () => 2);
      const lines = drafts.filter(
        ({ series }) => model.series[series[0] as number]?.states === undefined,
      );
      // Rows of states would cover the lines.
      const panels = (lines.length > 0 ? lines : drafts).map(
        (draft): Panel => ({
          ...draft,
          top: 2,
          height: STRIP - 4,
          y: (value) => 2 + (1 - placeOn(draft.axis, value)) * (STRIP - 4),
        }),
      );
      const x = (time: number): number => left + share(model.start, model.end, time) * plotWidth;
      paintSeries(
        canvas,
        model,
        { ...layout, view, panels, x, top: 0, plotHeight: STRIP, height: STRIP },
        colors,
      );
      const window = target.window();
      const [from, to] = [x(window.start), x(window.end)];
      const right = left + plotWidth;
      Object.assign(outside[0]?.style ?? {}, box(left, 0, from - left, STRIP), {
        background: colors.background,
      });
      Object.assign(outside[1]?.style ?? {}, box(to, 0, right - to, STRIP), {
        background: colors.background,
      });
      Object.assign(shown.style, box(from, 0, to - from, STRIP), {
        border: `1px solid ${colors.axis}`,
        background: '#8c959f22',
      });
      const format = model.zone.format({ dateStyle: 'medium', timeStyle: 'short' });
      handles.forEach(({ handle, bar }, index) => {
        const at = index === 0 ? window.start : window.end;
        Object.assign(handle.style, box(x(at) - HANDLE / 2, 0, HANDLE, STRIP));
        bar.style.background = colors.muted;
        const values = {
          valuemin: model.start,
          valuemax: model.end,
          valuenow: at,
          valuetext: format(at),
        };
        for (const [name, value] of Object.entries(values))
          handle.setAttribute(`aria-${name}`, String(value));
      });
    },
    destroy() {
      ending.abort();
      strip.remove();
    },
  };
}
