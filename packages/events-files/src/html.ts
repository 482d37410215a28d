/** As far as a page is recognized. */
export const HTML_START_BYTES = 256;

/**
 * True if bytes begin as an HTML page, such as one of a proxy. A content type proves nothing: some
 * storages label XML so.
 */
export function isHtml(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, HTML_START_BYTES));
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)[\s>]/i.test(
    text,
  );
}

/** True for HTML and XHTML, not for the types of Office, which have "xml" in their names. */
export function isHtmlType(type: string | null | undefined): boolean {
  return /html/i.test(type ?? '');
}
