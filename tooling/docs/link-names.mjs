import { PageEvent, PageKind, ReflectionKind } from 'typedoc';

const LINKED = ReflectionKind.Class | ReflectionKind.Function | ReflectionKind.Interface | ReflectionKind.TypeAlias;

/**
 * In guides, an inline code that is exactly the name of something exported becomes a link to its page: the Markdown stays plain.
 * A name that several packages declare for different things is left alone, and so are words of four letters: `None` is Python's.
 */
export function linkNames(app, project) {
  const targets = new Map();
  for (const reflection of project.getReflectionsByKind(LINKED)) {
    if (!reflection.parent?.kindOf(ReflectionKind.Module)) continue;
    targets.set(reflection.name, targets.has(reflection.name) ? undefined : reflection);
  }
  app.renderer.on(PageEvent.END, (page) => {
    if (page.pageKind !== PageKind.Document && page.pageKind !== PageKind.Index) return;
    page.contents = page.contents?.replace(/(<a [^>]*>)?<code>([A-Za-z]\w{4,})<\/code>/g, (whole, anchor, name) => {
      const target = targets.get(name);
      if (anchor !== undefined || target === undefined) return whole;
      return `<a href="${app.renderer.router.relativeUrl(page.model, target)}"><code>${name}</code></a>`;
    });
  });
}

/** Long calls in the cells of a table may break after a dot, a bracket or an underscore: else the table is wider than the page. */
export function breakCodeInTables(app) {
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replace(/<td[^>]*>[\s\S]*?<\/td>/g, (cell) =>
      cell.replace(/<code>([^<]+)<\/code>/g, (_, code) => `<code>${code.replace(/[._]+|\((?!\))/g, '$&<wbr>')}</code>`),
    );
  });
}
