import type { Layout } from '../layout-types.js';
import { box, child } from './element.js';

/**
 * A real button above each entry of the legend that can be switched: focus, Enter and a name come
 * with it.
 */
export class LegendButtons {
  readonly #group: HTMLElement;
  readonly #toggle: (series: number) => void;

  constructor(root: HTMLElement, toggle: (series: number) => void) {
    this.#group = child(root, 'div', {});
    this.#group.setAttribute('role', 'group');
    this.#group.setAttribute('aria-label', 'Series');
    this.#toggle = toggle;
  }

  /** Buttons stay the same elements from drawing to drawing: the focus must not be lost. */
  place({ legend }: Layout, hidden: ReadonlySet<number>): void {
    const entries = legend.entries.filter(({ series }) => series !== undefined);
    const buttons = [...this.#group.children] as HTMLButtonElement[];
    for (const extra of buttons.splice(entries.length)) extra.remove();
    entries.forEach(({ series = 0, name, x, y, width }, index) => {
      const button = buttons[index] ?? this.#create();
      button.setAttribute('aria-label', name);
      button.setAttribute('aria-pressed', String(!hidden.has(series)));
      button.onclick = () => this.#toggle(series);
      Object.assign(button.style, box(x - 3, y - 14, width + 6, 19));
    });
  }

  #create(): HTMLButtonElement {
    const button = child(this.#group, 'button', {
      position: 'absolute',
      background: 'none',
      border: '0',
      padding: '0',
      cursor: 'pointer',
    });
    button.type = 'button';
    return button;
  }
}
