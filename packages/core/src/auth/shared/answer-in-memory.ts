import { readText } from '../../transport/body/read-text.js';

/** The longest answer of an identity provider that is read. @unit bytes */
const LONGEST = 65_536;

/**
 * An answer whose body has been read up to a bound, for oauth4webapi, which has no bound. It is
 * changed only where identity providers differ from the standard:
 *
 * - Members that are null are left out: serializers write them for absent ones.
 * - An error code in the body wins over a challenge in `WWW-Authenticate`, which only says that
 *   there was an error.
 *
 * @param ignored a member that is left out
 */
export async function answerInMemory(response: Response, ignored?: string): Promise<Response> {
  const { body, status } = response;
  // Such as 204, and a redirect in a browser.
  if (body === null) return response;
  let text = await readText(response, LONGEST);
  const headers = new Headers(response.headers);
  try {
    const answer = JSON.parse(text) as Record<string, unknown>;
    if (answer.error) headers.delete('www-authenticate');
    for (const name in answer) if (answer[name] === null || name === ignored) delete answer[name];
    text = JSON.stringify(answer);
  } catch {
    // Not JSON, or no object: the library says so.
  }
  return new Response(text, { status, headers });
}
