import { Agent, request as httpRequest } from 'node:http';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import type { Send } from './datapoints-floor.js';

const gunzip = promisify<Uint8Array, Buffer>(gunzipCallback);

/** The floor on Node's own HTTP. */
export function httpSend(baseUrl: string): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  return (path, body, headers) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        baseUrl + path,
        {
          method: 'POST',
          agent,
          headers: {
            'accept-encoding': 'gzip',
            ...headers,
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const whole = new Uint8Array(Number(response.headers['content-length']));
          let at = 0;
          response.on('data', (chunk: Buffer) => {
            whole.set(chunk, at);
            at += chunk.length;
          });
          response.on('end', () =>
            resolve(response.headers['content-encoding'] === 'gzip' ? gunzip(whole) : whole),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
}
