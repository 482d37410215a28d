import { CdfClient, Token } from '@cdf/sdk';

async function show() {
  const { baseUrl, project, token } = await (await fetch('/config.json')).json();
  const client = new CdfClient({
    clientName: 'page',
    project,
    baseUrl,
    credentials: new Token(token),
  });
  const list = await client.timeSeries.list({ includeMetadata: false });
  const chart = await list.plot({ start: '14d-ago' });
  chart.mount(document.querySelector('#chart'));
  const [series] = list;
  const { length } = await client.datapoints.retrieve({ id: series.id });
  return { series: list.length, points: length, svg: chart.toSvg().slice(0, 4) };
}

show().then(
  (shown) => (globalThis.shown = shown),
  (error) => (globalThis.shown = { problem: String(error?.stack ?? error) }),
);
