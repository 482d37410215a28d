import { createServer } from 'node:http';
import { createTransport, Token } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
const mode = process.argv[2], n = 500_000;
let requests = 0;
const server = createServer((q, r) => { q.on('data', () => {}); q.on('end', () => { requests++; r.writeHead(200, {'content-type':'application/json'}); r.end('{}'); }); });
await new Promise(r => server.listen(0, '127.0.0.1', r));
const api = new DatapointsApi(createTransport({ clientName: 'b', project: 'p', baseUrl: `http://127.0.0.1:${server.address().port}`, credentials: new Token('x'), interceptors: [] }));
const flat = Array.from({ length: n }, (_, i) => ({ externalId: 'pump', timestamp: 1.6e12 + i, value: i / 3 }));
const rows = flat.map(({ timestamp, value }) => ({ timestamp, value }));
async function* gen() { for (const row of flat) yield row; }
function* sync() { for (const row of flat) yield row; }
async function* blocks() { for (let i = 0; i < n; i += 1000) yield { externalId: 'pump', datapoints: rows.slice(i, i + 1000) }; }
const runs = {
  many: () => api.insertMany([{ externalId: 'pump', datapoints: rows }]),
  manyFlat: () => api.insertMany(flat),
  async: () => api.insertFrom(gen()), sync: () => api.insertFrom(sync()), array: () => api.insertFrom(flat), blocks: () => api.insertFrom(blocks()),
  stream: () => api.insertFrom(ReadableStream.from(gen())),
};
const cpu = process.cpuUsage(); const t = performance.now();
await runs[mode]();
const d = performance.now() - t, c = process.cpuUsage(cpu);
console.log(JSON.stringify({ mode, ms: Math.round(d), cpu: Math.round((c.user + c.system) / 1000), requests }));
server.close(); server.closeAllConnections();
