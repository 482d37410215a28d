/** What makes a page interactive, and its hash as a content security policy names it. */
export interface PageScript {
  readonly text: string;
  readonly hash: string;
}
