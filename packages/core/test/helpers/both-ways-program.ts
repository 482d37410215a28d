// A program that sends requests to each URL over both ways and prints what became of them. It
// closes nothing: it ends by itself.
import { subscribe } from 'node:diagnostics_channel';
import { createTransport, Token } from '@cdf/core';

let count = 0;
subscribe('http.client.request.start', () => {
  count++;
});
const urls = process.argv.slice(2);
const outcomes: unknown[] = [];
// First fetch: it sets up the connections of Node, which must not be taken for those of others.
for (const nodeHttp of [false, true])
  for (const baseUrl of urls) {
    const transport = createTransport({
      clientName: 'program',
      project: 'test',
      credentials: new Token('a-token'),
      retry: { limit: 0, connectLimit: 0 },
      baseUrl,
      nodeHttp,
    });
    const send = () => transport.request({ method: 'GET', path: '/a', idempotent: true });
    const before = count;
    const result = await send()
      // On the same connection.
      .then(send)
      .catch(({ name, delivery, message }) => ({ name, delivery, message }));
    outcomes.push({ way: count > before ? 'node:http' : 'fetch', result });
  }
console.log(JSON.stringify(outcomes));
