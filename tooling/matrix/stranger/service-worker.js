import { CdfClient, Token } from '@cdf/sdk';

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', (event) => event.waitUntil(answer(event)));

async function answer({ data: { baseUrl, project, token }, ports: [port] }) {
  try {
    const client = new CdfClient({
      clientName: 'worker',
      project,
      baseUrl,
      credentials: new Token(token),
    });
    const assets = await client.assets.list();
    const list = await client.timeSeries.list();
    const chart = await list.plot({ start: '14d-ago' });
    port.postMessage({ assets: assets.length, svg: chart.toSvg().slice(0, 4) });
  } catch (error) {
    port.postMessage({ problem: String(error?.stack ?? error) });
  }
}
