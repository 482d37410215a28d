// A program that asks for a stream, and reads it to its end ("read") or not at all. It closes
// nothing: it ends by itself.
import { createTransport, Token } from '@cdf/core';

const [baseUrl = '', what] = process.argv.slice(2);
const transport = createTransport({
  clientName: 'program',
  project: 'test',
  credentials: new Token('a-token'),
  baseUrl,
});
const call = { method: 'GET', path: '/a', idempotent: true, accept: 'stream' } as const;
const stream = await transport.request<ReadableStream<Uint8Array>>(call);
if (what === 'read') console.log(await new Response(stream).text());
else console.log('not read');
