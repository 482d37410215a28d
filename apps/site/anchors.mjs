/**
 * The anchor of a heading, made as code hosts make it: links between the Markdown files lead to the
 * same place there and here.
 *
 * @param {string} heading
 * @returns {string}
 */
export function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
