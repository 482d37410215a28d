import { ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

const KINDS = {
  [ReflectionKind.Class]: 'class',
  [ReflectionKind.Function]: 'function',
  [ReflectionKind.Interface]: 'interface',
  [ReflectionKind.TypeAlias]: 'type',
  [ReflectionKind.Variable]: 'value',
};

/**
 * Each page begins with its plain name, the line that imports it, and what it says of itself: a
 * search shows the same.
 */
export function shapePages(app) {
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    const { model } = page;
    const kind = KINDS[model.kind];
    if (kind !== undefined)
      page.contents = shapeMember(page.contents, model.name, kind, moduleOf(model));
    else if (model.kindOf(ReflectionKind.Module)) page.contents = shortenReferences(page.contents);
  });
}

function moduleOf(model) {
  let at = model;
  while (at.parent !== undefined && !at.kindOf(ReflectionKind.Module)) at = at.parent;
  return at.name;
}

function shapeMember(contents, name, kind, module) {
  const imported = kind === 'type' || kind === 'interface' ? `type ${name}` : name;
  const line = `\`\`\`ts\nimport { ${imported} } from '${module}';\n\`\`\``;
  return contents.replace(/^# .*\n/, (heading) => {
    const title = heading.replace(/^# [^:]+: /, '# ').replace(/^# (?:Abstract |abstract )/, '# ');
    return `${title}\n${line}\n`;
  });
}

/**
 * Umbrellas have hundreds of re-exports: a line for each package they come from, instead of a
 * heading for each name.
 */
function shortenReferences(contents) {
  const [before, references] = contents.split(/^## References\n/m);
  if (references === undefined) return contents;
  const groups = new Map();
  for (const [, name, target] of references.matchAll(/Re-exports \[([^\]]+)\]\(([^)]+)\)/g)) {
    const from = target.replace(/^(\.\.\/)+/, '').replace(/\/[a-z-]+\/[^/]+$/, '');
    groups.set(from, [...(groups.get(from) ?? []), `[${name}](${target})`]);
  }
  const lines = [...groups].map(([from, names]) => `### From @cdf/${from}\n\n${names.join(', ')}`);
  return `${before}## Re-exports\n\n${lines.join('\n\n')}\n`;
}
