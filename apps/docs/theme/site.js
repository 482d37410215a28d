// The guides and the packages are open until a reader closes them: the site remembers that by these keys.
for (const key of ['tsd-accordion-Guides', 'tsd-accordion-Modules']) {
  try {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'true');
  } catch {
    // A browser without storage shows them closed.
  }
}
