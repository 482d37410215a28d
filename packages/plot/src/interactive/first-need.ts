import type { Interaction, InteractionTarget } from './interaction.js';

/** The events that an interaction answers to, and the focus, after which keys may follow. */
const EVENTS = [
  'pointerdown',
  'pointermove',
  'pointerup',
  'pointercancel',
  'pointerleave',
  'dblclick',
  'wheel',
  'keydown',
  'focusin',
] as const;

/** When a part that could not be loaded is asked for again. @unit milliseconds */
const RETRY = 10_000;

/**
 * Loads the interaction of a chart when somebody first points at it, touches it or reaches it with
 * the keyboard: a chart is often only looked at. Events that come until then are kept, and answered
 * in their order. A failure is told once; later events ask again.
 *
 * @param signal ends the listening, and the interest in a part that is on its way
 * @returns draws what there is of it; a chart that a program has zoomed needs it, too
 */
export function onFirstNeed(
  target: InteractionTarget,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Interaction['draw'] {
  const { root } = target;
  let current: Interaction | undefined;
  let drawing: Parameters<Interaction['draw']> | undefined;
  let early: Event[] | undefined;
  let nextLoad = 0;
  const load = (): void => {
    // A pointer moves many times a second.
    if (current || early || Date.now() < nextLoad) return;
    early = [];
    import('./interaction.js').then(
      (part) => {
        if (signal.aborted) return;
        current = part.interact(target);
        if (drawing) current.draw(...drawing);
        early?.forEach(current.answer);
        early = undefined;
      },
      (error) => {
        if (nextLoad === 0 && !signal.aborted) onError(error);
        nextLoad = Date.now() + RETRY;
        early = undefined;
      },
    );
  };
  const take = (event: Event): void => {
    // With the page, or the browser.
    const isShared = event.type === 'wheel' || event.type === 'keydown';
    if (isShared && !isForChart(event as WheelEvent | KeyboardEvent, root)) return;
    load();
    // At once: a page scrolls, or the browser zooms, before a part is loaded.
    if (isShared && (current || early)) event.preventDefault();
    if (current) current.answer(event);
    else early?.push(event);
  };
  // Not passive: a wheel that zooms does not scroll.
  for (const name of EVENTS) root.addEventListener(name, take, { signal, passive: false });
  return (...drawn) => {
    drawing = drawn;
    const [, , , isZoomed] = drawn;
    if (isZoomed) load();
    current?.draw(...drawn);
  };
}

/**
 * The wheel zooms with Ctrl or Cmd, or when the chart has the focus, so that a page can be scrolled
 * past it; keys with Ctrl, Cmd or Alt belong to the browser.
 */
function isForChart(event: WheelEvent | KeyboardEvent, root: HTMLElement): boolean {
  const isWithControl = event.ctrlKey || event.metaKey;
  return 'key' in event
    ? !isWithControl && !event.altKey && /^([-+=0]|Arrow(Left|Right)|Home|End)$/.test(event.key)
    : isWithControl || document.activeElement === root;
}
