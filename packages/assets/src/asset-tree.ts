import { printable, printed } from '@cdf/core/resource';

/** The fields of an asset that a tree needs, whether the asset was read or is to be created. */
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

/** An asset and how far below a root it is. */
export interface AssetTreeEntry<T> {
  /** 0 at a root of the tree. */
  readonly depth: number;
  readonly asset: T;
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
   * @default 100 as text, 1000 as HTML, where they are folded up
   */
  readonly limit?: number | undefined;
  /**
   * The text shown for an asset. Control characters in it are made inert.
   * @default the name, and the external id where it is another
   */
  readonly label?: ((asset: T) => string) | undefined;
}

/** One line of a view: an asset, or the number of those that are left out in its place. */
interface Line<T> {
  readonly shown: AssetTreeNode<T> | number;
  readonly depth: number;
  /** For each level from the roots to the last drawn one: true once its last line is shown. */
  readonly isLast: readonly boolean[];
}

/** Names are shorter: only a hostile one is cut. */
const LONGEST_LABEL = 500;

/**
 * Levels that text draws lines for. Below them it says which level an asset is on: the text of a
 * chain would grow with its square.
 */
const MOST_DRAWN = 100;

/**
 * Assets as a tree to look at. An asset whose parent is not among them is a root; siblings keep the
 * order of the list. A console prints it as text, a notebook shows it as HTML.
 */
export class AssetTree<T extends TreeAsset> {
  /**
   * The trees as nested objects, for programs that walk them. Neither compared nor written as JSON:
   * hierarchies may be too deep for that.
   */
  declare readonly roots: readonly AssetTreeNode<T>[];
  /**
   * Every asset and its depth: each is followed by those below it. Together they say the whole
   * tree.
   */
  readonly entries: readonly AssetTreeEntry<T>[];
  /** Assets in all. */
  readonly size: number;

  /** Time grows with the number of assets, whatever the shape. */
  constructor(assets: readonly T[]) {
    Object.defineProperty(this, 'roots', { value: buildTree(assets) });
    this.size = assets.length;
    const lines = this.#lines({ depth: Infinity, limit: Infinity });
    this.entries = lines.map(({ depth, shown }) => ({
      depth,
      asset: (shown as AssetTreeNode<T>).asset,
    }));
  }

  /** For a terminal: a line per asset. Control characters in names are shown as codes. */
  toText(options: TreeViewOptions<T> = {}): string {
    const { label = defaultLabel } = options;
    return this.#lines({ limit: 100, ...options })
      .map(({ shown, depth, isLast }) => {
        const level = depth > MOST_DRAWN ? `(level ${depth}) ` : '';
        const text =
          typeof shown === 'number'
            ? `… ${shown} more`
            : printable(label(shown.asset).slice(0, LONGEST_LABEL));
        // Roots stand at the margin.
        const levels = isLast.slice(1).map((last, level, all) => {
          const isOwn = level === all.length - 1;
          return isOwn ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ';
        });
        return levels.join('') + level + text;
      })
      .join('\n');
  }

  /**
   * For a page or a notebook: nested lists that open and close, without a script. Names are
   * escaped.
   */
  toHtml(options: TreeViewOptions<T> = {}): string {
    const { label = defaultLabel } = options;
    const parts: string[] = [];
    let open = 0;
    const closeTo = (depth: number): void => {
      for (; open > depth; open -= 1) parts.push('</div></details>');
    };
    for (const { shown, depth } of this.#lines(options)) {
      closeTo(depth);
      const text = typeof shown === 'number' ? `… ${shown} more` : escapeHtml(label(shown.asset));
      if (typeof shown === 'number' || shown.children.length === 0)
        parts.push(`<div>${text}</div>`);
      else {
        const state = open < 2 ? ' open' : '';
        parts.push(`<details${state}><summary>${text}</summary><div style="margin-left:1.5em">`);
        open += 1;
      }
    }
    closeTo(0);
    return `<div style="font-family:sans-serif">${parts.join('')}</div>`;
  }

  /** A list of `{ depth, asset }`, which JSON can hold however deep the tree is. */
  toJSON(): readonly AssetTreeEntry<T>[] {
    return this.entries;
  }

  #lines({ depth = 40, limit = 1000 }: TreeViewOptions<T>): Line<T>[] {
    const lines: Line<T>[] = [];
    /** Still to be shown: the next one is at the end. */
    const stack: Line<T>[] = [];
    const put = (
      nodes: readonly AssetTreeNode<T>[],
      depth: number,
      above: readonly boolean[],
    ): void => {
      for (let index = nodes.length - 1; index >= 0; index -= 1) {
        // Below the levels that are drawn, all share one.
        const isLast = depth > MOST_DRAWN ? above : [...above, index === nodes.length - 1];
        stack.push({ shown: nodes[index] as AssetTreeNode<T>, depth, isLast });
      }
    };
    put(this.roots, 0, []);
    let room = limit;
    /** Assets that no line stands for yet. */
    let left = this.size;
    for (let line = stack.pop(); line !== undefined; line = stack.pop()) {
      const { depth: level, isLast } = line;
      const shown = line.shown as AssetTreeNode<T>;
      if (room === 0) {
        lines.push({ shown: left, depth: level, isLast: [...isLast.slice(0, -1), true] });
        break;
      }
      lines.push(line);
      room -= 1;
      left -= 1;
      if (level < depth) put(shown.children, level + 1, isLast);
      else if (shown.children.length > 0) {
        const below = countAll(shown.children);
        lines.push({ shown: below, depth: level + 1, isLast: [...isLast, true] });
        left -= below;
      }
    }
    return lines;
  }
}

printed(AssetTree.prototype, AssetTree.prototype.toText);

function defaultLabel({ name, externalId }: TreeAsset): string {
  return externalId === undefined || externalId === name ? name : `${name} (${externalId})`;
}

/** Text from outside in HTML, in an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return printable(text.slice(0, LONGEST_LABEL)).replace(
    /[&<>"']/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** These and those below them. */
function countAll(nodes: readonly AssetTreeNode<unknown>[]): number {
  const all = [...nodes];
  for (const node of all) for (const child of node.children) all.push(child);
  return all.length;
}

interface Draft<T> {
  readonly asset: T;
  depth: number;
  readonly children: Draft<T>[];
}

function buildTree<T extends TreeAsset>(assets: readonly T[]): AssetTreeNode<T>[] {
  const drafts = assets.map((asset): Draft<T> => ({ asset, depth: -1, children: [] }));
  // Ids are numbers and external ids are strings: one map has room for both.
  const named = new Map<unknown, Draft<T>>();
  for (const draft of drafts) named.set(draft.asset.id, draft).set(draft.asset.externalId, draft);
  named.delete(undefined);
  const parentOf = ({ asset: { parentId, parentExternalId } }: Draft<T>): Draft<T> | undefined =>
    named.get(parentId) ?? named.get(parentExternalId);
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
  // An asset that is not below a root is on a cycle or below one. The cycle is cut, so that no
  // asset is lost.
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
