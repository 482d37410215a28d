import type { Place } from '../chart-model.js';
import type { Layout } from '../layout-types.js';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The parts of a chart that gestures use. */
export interface GestureTarget {
  layout(): Layout;
  window(): Span;
  whole(): Span;
  show(start: number, end: number): void;
  point(at: Place | undefined): void;
  /** Marks what a drag would zoom to; equal ends take the mark away. @unit pixels */
  select(from: number, to: number): void;
  announce(): void;
}

interface Drag {
  readonly x: number;
  readonly pans: boolean;
  readonly window: Span;
}

/** Two fingers: each keeps the time that it was put on. */
interface Pinch {
  readonly fingers: ReadonlyMap<number, number>;
  readonly times: readonly [number, number];
}

/**
 * Drag zooms, with Shift or a finger it moves, two fingers zoom; so do the wheel and keys, where
 * they are for the chart; a double click shows everything; keys are + - arrows Home End 0. A tap
 * shows the values there until another one beside the panels; while everything is shown, a finger
 * moves along the values.
 *
 * @returns takes events, also some that are over
 */
export function gestures(root: HTMLElement, target: GestureTarget): (event: Event) => void {
  let drag: Drag | undefined;
  let pinch: Pinch | undefined;
  const fingers = new Map<number, number>();
  const place = (event: MouseEvent): Place => {
    const { left, top } = root.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const timeAt = (x: number): number => {
    const { left, plotWidth, view } = target.layout();
    return view.start + ((x - left) / plotWidth) * (view.end - view.start);
  };
  const inside = (x: number): number => {
    const { left, plotWidth } = target.layout();
    return Math.min(Math.max(x, left), left + plotWidth);
  };

  const endDrag = (): void => {
    drag = pinch = undefined;
    fingers.clear();
    target.select(0, 0);
  };

  const answers: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown(event) {
      const at = place(event);
      const { left, top } = target.layout();
      const isTouch = event.pointerType === 'touch';
      if (isTouch) target.point(at.y < top ? undefined : at);
      const isOutside = at.x < left || at.y < top;
      if (event.button !== 0 || isOutside || (event.target as Element).closest('button')) return;
      if (isTouch) fingers.set(event.pointerId, at.x);
      const [one, two] = [...fingers.values()];
      if (one !== undefined && two !== undefined)
        pinch = { fingers, times: [timeAt(one), timeAt(two)] };
      drag = { x: at.x, pans: event.shiftKey || isTouch, window: target.window() };
      try {
        root.setPointerCapture(event.pointerId);
      } catch {
        // It was lifted before this part was loaded.
      }
    },
    pointermove(event) {
      const at = place(event);
      // It was lifted beside the chart before this part was loaded.
      if (drag && event.buttons === 0) endDrag();
      if (drag === undefined) return target.point(at);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, at.x);
      if (pinch !== undefined) return spread(pinch, target);
      if (!drag.pans)
        return target.select(Math.min(inside(at.x), drag.x), Math.max(inside(at.x), drag.x));
      const { start, end } = drag.window;
      const whole = target.whole();
      if (event.pointerType === 'touch')
        target.point(start === whole.start && end === whole.end ? at : undefined);
      const moved = ((at.x - drag.x) / target.layout().plotWidth) * (end - start);
      target.show(start - moved, end - moved);
    },
    pointerup(event) {
      const x = inside(place(event).x);
      if (pinch === undefined && drag !== undefined && !drag.pans && Math.abs(x - drag.x) > 4)
        target.show(timeAt(Math.min(x, drag.x)), timeAt(Math.max(x, drag.x)));
      endDrag();
    },
    pointercancel: endDrag,
    pointerleave(event) {
      // A finger that is lifted leaves; the values that it tapped stay.
      if (event.pointerType !== 'touch') target.point(undefined);
    },
    dblclick() {
      target.show(target.whole().start, target.whole().end);
    },
    wheel(event) {
      const { start, end } = target.window();
      const time = timeAt(inside(place(event).x));
      const factor = Math.exp(event.deltaY * 0.0015);
      target.show(time - (time - start) * factor, time + (end - time) * factor);
    },
    keydown(event) {
      const next = windowAfter(event.key, target);
      if (next === undefined) return;
      target.show(next.start, next.end);
      target.announce();
    },
  };
  return (event) => answers[event.type as 'click']?.(event as PointerEvent);
}

function spread({ fingers, times }: Pinch, target: GestureTarget): void {
  const [one, two] = [...fingers.values()] as [number, number];
  const { left, plotWidth } = target.layout();
  if (Math.abs(two - one) < 10) return;
  const perPixel = Math.abs((times[1] - times[0]) / (two - one));
  const start = times[0] - (one - left) * perPixel;
  target.show(start, start + plotWidth * perPixel);
}

function windowAfter(key: string, target: GestureTarget): Span | undefined {
  const { start, end } = target.window();
  const whole = target.whole();
  const length = end - start;
  const grown = (by: number): Span => ({ start: start - length * by, end: end + length * by });
  const moved = (by: number): Span => ({ start: start + by, end: end + by });
  switch (key) {
    case '+':
    case '=':
      return grown(-0.25);
    case '-':
      return grown(0.5);
    case 'ArrowLeft':
      return moved(-length / 5);
    case 'ArrowRight':
      return moved(length / 5);
    case 'Home':
      return moved(whole.start - start);
    case 'End':
      return moved(whole.end - end);
    case '0':
      return whole;
    default:
      return undefined;
  }
}
