// A program that is started, makes one request and ends:
// `node start-program.mjs ours|fetch|node:http url project token`.
const [contender, url, project, token] = process.argv.slice(2);
const path = `${url}/api/v1/projects/${project}/assets/list`;
const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
const body = JSON.stringify({ limit: 1 });

const requests = {
  async ours() {
    const { CdfClient, Token } = await import('@cdf/sdk');
    const client = new CdfClient({
      clientName: 'bench',
      project,
      baseUrl: url,
      credentials: new Token(token),
    });
    return client.assets.list({ limit: 1 });
  },
  async fetch() {
    const response = await fetch(path, { method: 'POST', headers, body });
    return (await response.json()).items;
  },
  async 'node:http'() {
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const sent = request(path, { method: 'POST', headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).items));
      });
      sent.on('error', reject).end(body);
    });
  },
};
const items = await requests[contender]();
console.log(items.length);
