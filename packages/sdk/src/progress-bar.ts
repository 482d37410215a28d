import process from 'node:process';

/**
 * A terminal that bars are drawn on: `process.stderr` and `process.stdout` are ones where `isTTY`
 * is true.
 */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  /** @default 80, also where a terminal says 0 */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** How a progress bar looks. */
export interface ProgressBarOptions {
  /** The unit of the count. `'bytes'` are written as kB, MB or GB. @default no word */
  readonly unit?: string | undefined;
  /** @default `process.stderr`: the program's own output stays clean */
  readonly stream?: ProgressStream | undefined;
}

/** Takes the progress of a call, as `onProgress`. */
export interface ProgressBar {
  (done: number, total: number | undefined): void;
  /**
   * Takes the bar off the screen. Work that ends well, or prints why it does not, needs no call of
   * it.
   */
  stop(): void;
}

/**
 * Shows how far a call is on a line of the terminal: `onProgress: progressBar('reading')`. With a
 * total it is a bar with the time left, without one a count with its speed. Bars of calls that run
 * side by side stand below each other. In the end the line says how many there were and how long it
 * took. Writes nothing in CI, and where the stream is not a terminal or is a dumb one.
 *
 * The bar draws only when it is called: it holds no timer, changes no cursor and keeps no process
 * alive. Text that the program prints meanwhile stays, and the bar goes on below it.
 */
export function progressBar(label: string, options: ProgressBarOptions = {}): ProgressBar {
  const { unit = '', stream = process.stderr } = options;
  const screen = isTerminal(stream) ? screenOf(stream) : undefined;
  const line: Line = {
    label: label.replace(/[\p{Cc}\s]+/gu, ' ').trim(),
    unit,
    begun: Date.now(),
    done: 0,
    total: undefined,
  };
  const report = (done: number, total: number | undefined): void => {
    if (screen === undefined) return;
    line.done = done;
    line.total = total;
    if (total === undefined || done < total) screen.show(line);
    else {
      screen.finish(line);
      // The same bar may be used for the next call.
      line.begun = Date.now();
    }
  };
  return Object.assign(report, { stop: () => screen?.remove(line) });
}

interface Line {
  readonly label: string;
  readonly unit: string;
  /** @unit milliseconds since the epoch */
  begun: number;
  done: number;
  total: number | undefined;
}

function isTerminal({ isTTY }: ProgressStream): boolean {
  const { CI = '', TERM } = process.env;
  return isTTY === true && TERM !== 'dumb' && (CI === '' || CI === 'false');
}

/** At most so often. @unit milliseconds */
const REDRAWN = 60;
const BAR = 24;

const screens = new WeakMap<ProgressStream, Screen>();

function screenOf(stream: ProgressStream): Screen {
  const screen = screens.get(stream) ?? new Screen(stream);
  screens.set(stream, screen);
  return screen;
}

type Draw = ReturnType<typeof import('log-update')['createLogUpdate']>;

/** The bars of one terminal. */
class Screen {
  readonly #stream: ProgressStream;
  readonly #lines = new Set<Line>();
  /** Summaries of bars that ended, to be written above the others. */
  #ended: string[] = [];
  #draw: Draw | undefined;
  #isLoading = false;
  #drawnAt = 0;
  /**
   * The bytes written in all when the bars were drawn: later ones are the program's.
   *
   * @unit bytes
   */
  #written = 0;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  show(line: Line): void {
    const isNew = !this.#lines.has(line);
    this.#lines.add(line);
    if (isNew || Date.now() - this.#drawnAt >= REDRAWN) this.#redraw(line);
  }

  finish(line: Line): void {
    this.#lines.delete(line);
    this.#ended.push(summaryOf(line));
    this.#redraw();
  }

  remove(line: Line): void {
    if (this.#lines.delete(line)) this.#redraw();
  }

  #redraw(current?: Line): void {
    const draw = this.#draw;
    if (draw === undefined) {
      this.#load();
      return;
    }
    if (this.#written !== bytesWritten(this.#stream)) {
      // The program has printed below the bars, perhaps why its work failed: that text is never
      // erased. The other bars come back when they report again, and one of work that failed does
      // not.
      draw.done();
      this.#lines.clear();
      if (current !== undefined) this.#lines.add(current);
    }
    if (this.#ended.length > 0) draw.persist(this.#ended.join('\n'));
    this.#ended = [];
    const width = sizeOf(this.#stream.columns, 80) - 1;
    const texts = Array.from(this.#lines, (line) => [...textOf(line)].slice(0, width).join(''));
    if (texts.length > 0) draw(texts.join('\n'));
    else draw.clear();
    this.#drawnAt = Date.now();
    this.#written = bytesWritten(this.#stream);
  }

  /**
   * Only programs that show a bar load the code that draws it; reports until then are drawn
   * together.
   */
  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('log-update').then(
      ({ createLogUpdate }) => {
        this.#draw = createLogUpdate(sized(this.#stream), { showCursor: true });
        this.#written = bytesWritten(this.#stream);
        this.#redraw();
      },
      // A bar that cannot be drawn must not end the work.
      () => {},
    );
  }
}

/** Terminals of unknown size, such as those of some CI and containers, say 0. */
function sizeOf(given: number | undefined, usual: number): number {
  return given !== undefined && given > 0 ? given : usual;
}

/** The stream with a size that there is room in: in 0 columns nothing would be drawn. */
function sized(stream: ProgressStream & { readonly rows?: number }): NodeJS.WriteStream {
  const view = {
    isTTY: true,
    get columns() {
      return sizeOf(stream.columns, 80);
    },
    get rows() {
      return sizeOf(stream.rows, 24);
    },
    write: (text: string) => stream.write(text),
  };
  return view as unknown as NodeJS.WriteStream;
}

function bytesWritten(stream: ProgressStream): number {
  const { stdout, stderr } = process;
  const shared: readonly ProgressStream[] =
    stream === stdout || stream === stderr ? [stdout, stderr] : [stream];
  return shared.reduce(
    (sum, each) =>
      sum + (each.isTTY === true ? ((each as { bytesWritten?: number }).bytesWritten ?? 0) : 0),
    0,
  );
}

function textOf({ label, unit, begun, done, total }: Line): string {
  const seconds = (Date.now() - begun) / 1000;
  if (total === undefined) {
    const speed = seconds >= 1 ? `, ${amount(done / seconds, unit, '')}/s` : '';
    return `${label} ${amount(done, unit)}${speed}`;
  }
  const part = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0;
  const filled = Math.floor(part * BAR);
  const left = seconds >= 1 && part > 0 ? `, ${duration(seconds / part - seconds)} left` : '';
  return `${label} ${'━'.repeat(filled)}${'─'.repeat(BAR - filled)} ${Math.floor(part * 100)} %, ${amount(done, unit, '')} of ${amount(total, unit)}${left}`;
}

function summaryOf({ label, unit, begun, done }: Line): string {
  return `${label} ${amount(done, unit)} in ${duration((Date.now() - begun) / 1000)}`;
}

function amount(value: number, unit: string, word: string = unit): string {
  if (unit !== 'bytes') return `${Math.round(value).toLocaleString('en')}${word && ` ${word}`}`;
  const power = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${['B', 'kB', 'MB', 'GB'][power]}`;
}

function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const [whole, minutes] = [Math.round(seconds), Math.floor(Math.round(seconds) / 60)];
  return minutes === 0
    ? `${whole} s`
    : minutes < 60
      ? `${minutes} min ${whole % 60} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
