import { escapeHtml, printable } from './printable.js';

/** What a tree needs to know of an asset, read or to be created. */
export interface TreeAsset {
  readonly name: string;
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly parentId?: number | undefined;
  readonly parentExternalId?: string | undefined;
}

/** An asset with those below it. */
export interface AssetTreeNode<T> {
  readonly asset: T;
  /** 0 at a root of the tree. */
  readonly depth: number;
  readonly children: readonly AssetTreeNode<T>[];
}

/** How much of a tree is shown, and how. */
export interface TreeViewOptions<T> {
  /**
   * Levels shown below the roots.
   * @default 40
   */
  readonly depth?: number | undefined;
  /**
   * Most assets shown.
   * @default 1000
   */
  readonly limit?: number | undefined;
  /**
   * What is shown of an asset. Whatever it has in it is made inert.
   * @default the name, and the external id where it is another
   */
  readonly label?: ((asset: T) => string) | undefined;
}

/** One line of a view, or the note in place of what is left out. */
interface Line<T> {
  readonly node: AssetTreeNode<T> | undefined;
  readonly hidden: number;
  readonly depth: number;
  /** For each level from the roots down: whether its last line has been shown. */
  readonly isLast: readonly boolean[];
}

/**
 * Assets as a tree to look at. An asset whose parent is not among them is a root; siblings keep the order of the list. A console prints
 * it as text, a notebook shows it as HTML.
 */
export class AssetTree<T extends TreeAsset> {
  /** The trees as nested objects. */
  readonly roots: readonly AssetTreeNode<T>[];
  /** Assets in all. */
  readonly size: number;

  /** Time grows with the number of assets, whatever the shape. */
  constructor(assets: readonly T[]) {
    this.roots = buildTree(assets);
    this.size = assets.length;
    // Not methods: declarations cannot hold a name that is computed by a call.
    const show = (name: string, value: () => unknown): void => {
      Object.defineProperty(this, Symbol.for(name), { value });
    };
    show('Jupyter.display', () => ({ 'text/plain': this.toText(), 'text/html': this.toHtml() }));
    show('nodejs.util.inspect.custom', () => this.toText());
  }

  /** For a terminal: a line per asset. Control characters in names are shown as codes. */
  toText(options: TreeViewOptions<T> = {}): string {
    const { label = defaultLabel } = options;
    return this.#lines(options)
      .map(({ node, hidden, isLast }) => {
        const text = node === undefined ? `… ${hidden} more` : printable(label(node.asset));
        // Roots stand at the margin.
        const levels = isLast.slice(1).map((last, level, all) => {
          const isOwn = level === all.length - 1;
          return isOwn ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ';
        });
        return levels.join('') + text;
      })
      .join('\n');
  }

  /** For a page or a notebook: nested lists that open and close, without a script. Names are escaped. */
  toHtml(options: TreeViewOptions<T> = {}): string {
    const { label = defaultLabel } = options;
    const parts: string[] = [];
    let open = 0;
    for (const { node, hidden, depth } of this.#lines(options)) {
      for (; open > depth; open -= 1) parts.push('</div></details>');
      if (node === undefined) parts.push(`<div>… ${hidden} more</div>`);
      else if (node.children.length === 0) parts.push(`<div>${escapeHtml(label(node.asset))}</div>`);
      else {
        const state = depth < 2 ? ' open' : '';
        parts.push(
          `<details${state}><summary>${escapeHtml(label(node.asset))}</summary><div style="margin-left:1.5em">`,
        );
        open += 1;
      }
    }
    for (; open > 0; open -= 1) parts.push('</div></details>');
    return `<div style="font-family:sans-serif">${parts.join('')}</div>`;
  }

  /** The roots with those below them in `children`: plain objects. */
  toJSON(): readonly AssetTreeNode<T>[] {
    return this.roots;
  }

  toString(): string {
    return this.toText();
  }

  #lines({ depth = 40, limit = 1000 }: TreeViewOptions<T>): Line<T>[] {
    const lines: Line<T>[] = [];
    /** Still to be shown: the next one is at the end. */
    const stack: Line<T>[] = [];
    const put = (nodes: readonly AssetTreeNode<T>[], level: number, above: readonly boolean[]): void => {
      for (let index = nodes.length - 1; index >= 0; index -= 1)
        stack.push({ node: nodes[index], hidden: 0, depth: level, isLast: [...above, index === nodes.length - 1] });
    };
    put(this.roots, 0, []);
    let shown = 0;
    for (let line = stack.pop(); line !== undefined; line = stack.pop()) {
      if (shown === limit) {
        const isLast = [...line.isLast.slice(0, -1), true];
        lines.push({ ...line, node: undefined, hidden: this.size - countAccounted(lines), isLast });
        break;
      }
      lines.push(line);
      shown += 1;
      const { children } = line.node as AssetTreeNode<T>;
      if (line.depth < depth) put(children, line.depth + 1, line.isLast);
      else if (children.length > 0)
        lines.push({
          node: undefined,
          hidden: countBelow(children),
          depth: line.depth + 1,
          isLast: [...line.isLast, true],
        });
    }
    return lines;
  }
}

function defaultLabel({ name, externalId }: TreeAsset): string {
  return externalId === undefined || externalId === name ? name : `${name} (${externalId})`;
}

/** Assets that lines stand for, shown or noted as left out. */
function countAccounted(lines: readonly Line<unknown>[]): number {
  return lines.reduce((sum, { node, hidden }) => sum + (node === undefined ? hidden : 1), 0);
}

function countBelow(nodes: readonly AssetTreeNode<unknown>[]): number {
  const stack = [...nodes];
  let count = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    count += 1;
    for (const child of node.children) stack.push(child);
  }
  return count;
}

interface Draft<T> {
  readonly asset: T;
  depth: number;
  readonly children: Draft<T>[];
}

function buildTree<T extends TreeAsset>(assets: readonly T[]): AssetTreeNode<T>[] {
  const drafts = assets.map((asset): Draft<T> => ({ asset, depth: -1, children: [] }));
  const byId = new Map<number, Draft<T>>();
  const byExternalId = new Map<string, Draft<T>>();
  for (const draft of drafts) {
    const { id, externalId } = draft.asset;
    if (id !== undefined) byId.set(id, draft);
    if (externalId !== undefined) byExternalId.set(externalId, draft);
  }
  const parentOf = ({ asset: { parentId, parentExternalId } }: Draft<T>): Draft<T> | undefined =>
    (parentId === undefined ? undefined : byId.get(parentId)) ??
    (parentExternalId === undefined ? undefined : byExternalId.get(parentExternalId));
  const roots: Draft<T>[] = [];
  for (const draft of drafts) (parentOf(draft)?.children ?? roots).push(draft);
  const settle = (root: Draft<T>): void => {
    root.depth = 0;
    const queue = [root];
    for (const node of queue) {
      for (const child of node.children) {
        child.depth = node.depth + 1;
        queue.push(child);
      }
    }
  };
  for (const root of roots) settle(root);
  // Who is not below a root is on a cycle or below one: it is cut, so that nobody is lost.
  for (const draft of drafts) {
    if (draft.depth !== -1) continue;
    const path = new Set<Draft<T>>();
    let top = draft;
    for (; !path.has(top); top = parentOf(top) as Draft<T>) path.add(top);
    const siblings = parentOf(top)?.children as Draft<T>[];
    siblings.splice(siblings.indexOf(top), 1);
    roots.push(top);
    settle(top);
  }
  return roots;
}
