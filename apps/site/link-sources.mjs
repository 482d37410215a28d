import { dirname, join, relative } from 'node:path';

/**
 * Has links between the Markdown files of the repository lead to the pages of the site. A link to a
 * source file, which is not a page, becomes its text.
 *
 * @param {import('markdown-it').default} md
 * @param {string} root the workspace's folder
 * @param {ReadonlyMap<string, string>} targets the path in the site for each Markdown file of the
 * repository
 */
export function linkSources(md, root, targets) {
  md.core.ruler.push('link-sources', ({ tokens, env }) => {
    if (env.path === undefined) return;
    for (const { children } of tokens)
      if (children) relink(children, (href) => targetOf(href, env.path, root, targets));
  });
}

function relink(children, target) {
  let dropped = false;
  for (const token of children) {
    if (token.type === 'link_open') {
      const href = target(token.attrGet('href'));
      dropped = href === undefined;
      if (!dropped) token.attrSet('href', href);
    }
    if (dropped && token.type.startsWith('link_')) token.hidden = true;
    if (token.hidden) {
      token.type = 'text';
      token.content = '';
    }
  }
}

function targetOf(href, file, root, targets) {
  if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return href;
  const [path, anchor] = href.split('#');
  const source = relative(root, join(dirname(file), decodeURI(path)));
  const found = source.startsWith('apps/site/reference/')
    ? source.replace('apps/site/', '')
    : (targets.get(source) ?? targets.get(`${source}/README.md`));
  if (found === undefined) return undefined;
  return `/${found.replace(/(^|\/)index\.md$/, '$1')}${anchor === undefined ? '' : `#${anchor}`}`;
}

/**
 * Outside of the reference, inline code that is exactly the name of an export becomes a link to its
 * page: the Markdown stays plain. Words of four letters are left alone: `None` is Python's.
 *
 * @param {import('markdown-it').default} md
 * @param {ReadonlyMap<string, string>} names the page of each export
 */
export function linkNames(md, names) {
  const render = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (tokens, index, options, env, self) => {
    const code = render(tokens, index, options, env, self);
    const { content } = tokens[index];
    const page = names.get(content);
    if (page === undefined || content.length < 5 || isInLink(tokens, index)) return code;
    if (env.relativePath?.startsWith('reference/')) return code;
    return `<a href="${page}">${code}</a>`;
  };
}

function isInLink(tokens, index) {
  const before = tokens.slice(0, index);
  return (
    before.filter(({ type }) => type === 'link_open').length >
    before.filter(({ type }) => type === 'link_close').length
  );
}
