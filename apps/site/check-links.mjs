import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Attributes that name another place, in tags that matter. */
const REFERENCE = /<(a|link|script|img|iframe|source|object)\b[^>]*?\s(?:href|src|data)="([^"]*)"/g;

/**
 * Follows every link of a folder of HTML pages. A page must not load anything from elsewhere; links
 * that lead elsewhere are not followed.
 *
 * @param {string} folder
 * @returns {{ pages: number, links: number, problems: string[] }}
 */
export function checkLinks(folder) {
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));
  const anchors = new Map();
  const anchorsOf = (path) => {
    if (!anchors.has(path)) anchors.set(path, readAnchors(path));
    return anchors.get(path);
  };
  const problems = [];
  let links = 0;
  // Each page has the navigation: a link that leads nowhere is reported once, by the first page
  // that has it.
  const seen = new Set();
  for (const page of pages) {
    const path = join(folder, page);
    for (const [, tag, value] of withoutCode(readFileSync(path, 'utf8')).matchAll(REFERENCE)) {
      links += 1;
      const key = `${tag} ${value}`;
      if (value.startsWith('/') && seen.has(key)) continue;
      seen.add(key);
      const problem = problemOf(folder, path, tag, decodeEntities(value), anchorsOf);
      if (problem !== undefined) problems.push(`${page}: ${problem}`);
    }
  }
  return { pages: pages.length, links, problems };
}

function problemOf(folder, page, tag, target, anchorsOf) {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) {
    if (tag === 'a' || target.startsWith('data:')) return undefined;
    return `loads ${target} from elsewhere`;
  }
  const [, path, anchor] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(target);
  let file = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
  if (path.startsWith('/')) file = join(folder, decodeURIComponent(path));
  if (relative(folder, file).startsWith('..')) return `${target} leads out of the site`;
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
  if (!existsSync(file)) return `${target} does not exist`;
  if (anchor === undefined || anchor === '' || !file.endsWith('.html')) return undefined;
  return anchorsOf(file).has(decodeURIComponent(anchor))
    ? undefined
    : `${target} has no such anchor`;
}

function readAnchors(path) {
  const found = readFileSync(path, 'utf8').matchAll(/\s(?:id|name)="([^"]+)"/g);
  return new Set([...found].map(([, name]) => decodeEntities(name)));
}

/** Links in scripts are not links of the page. */
function withoutCode(html) {
  return html.replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/g, '$1</script>');
}

function decodeEntities(text) {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
