/** Whether a request only reads. In CDF the verb cannot tell: most reads are POSTs. */
export function isRead(method: string, path: string): boolean {
  return (
    method === 'GET' ||
    (method === 'POST' && /\/(list|byids|search|aggregate|latest|query|downloadlink)(\?|$)/.test(path))
  );
}
