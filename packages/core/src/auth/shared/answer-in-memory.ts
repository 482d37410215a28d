import { readText } from '../../transport/body/response.js';

/** The longest answer of an identity provider that is read. @unit bytes */
const LONGEST = 65_536;

/**
 * An answer whose body has been read up to a bound, for oauth4webapi, which has none. It is changed only where identity providers differ
 * from the standard:
 *
 * - Members that are null are left out: serializers write them for what is absent.
 * - An error code in the body wins over a challenge in `WWW-Authenticate`, which only says that there was an error.
 *
 * @param ignored a member that is left out
 */
export async function answerInMemory(response: Response, ignored?: string): Promise<Response> {
  // Such as 204, and a redirect in a browser.
  if (response.body === null) return response;
  const text = await readText(response, LONGEST);
  const { status } = response;
  const headers = new Headers(response.headers);
  const answer = parseObject(text);
  if (answer === undefined) return new Response(text, { status, headers });
  if (typeof answer.error === 'string') headers.delete('www-authenticate');
  const kept = Object.entries(answer).filter(([name, value]) => value !== null && name !== ignored);
  return new Response(JSON.stringify(Object.fromEntries(kept)), { status, headers });
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
