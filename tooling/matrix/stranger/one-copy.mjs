// Each class exists once, whatever is imported together and however, and Node starts with few files.
import { strict as assert } from 'node:assert';
import { createRequire, register } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { entries } from './entries.cjs';

/** Tells of every module that is loaded. */
const HOOK = `
let port;
export function initialize(data) { port = data; }
export async function load(url, context, next) {
  const loaded = await next(url, context);
  port.postMessage(url);
  return loaded;
}`;
/** Files of ours that a program may load before it does anything. */
const MOST_FILES = 25;
const OURS = `${sep}node_modules${sep}@cdf${sep}`;

const { port1, port2 } = new MessageChannel();
port1.unref();
register(`data:text/javascript,${encodeURIComponent(HOOK)}`, {
  data: port2,
  transferList: [port2],
});

await import('@cdf/sdk');
const first = loaded();
assert.ok(first.length > 0, 'the hook was told of no file');
assert.deepEqual(
  first.filter((file) => !file.includes(OURS)),
  [],
  'other packages are loaded on use',
);
assert.ok(first.length <= MOST_FILES, `@cdf/sdk loads ${first.length} files: ${first.join(' ')}`);

const require = createRequire(import.meta.url);
const names = new Map();
for (const specifier of entries()) {
  const imported = await import(specifier);
  for (const [name, value] of Object.entries(require(specifier)))
    assert.equal(value, imported[name], `${name} of ${specifier}, by import and by require`);
  for (const [name, value] of Object.entries(imported))
    if (isClass(value)) names.set(name, [...(names.get(name) ?? []), { from: specifier, value }]);
}
// The full client extends the lean one, under its name.
const clients = new Set(names.get('CdfClient').map(({ value }) => value));
assert.equal(clients.size, 2);
names.delete('CdfClient');
for (const [name, found] of names)
  for (const { value, from } of found)
    assert.equal(value, found[0].value, `${name} of ${from} is not that of ${found[0].from}`);
assert.ok(names.size > 30, `${names.size} classes`);

const core = await import('@cdf/core');
const { memoryTransport } = await import('@cdf/core/testing');
const { ResourceApi } = await import('@cdf/core/resource');
const { AssetsApi } = await import('@cdf/assets');
const { CdfClient } = await import('@cdf/sdk');
const { CdfClient: LeanClient } = await import('@cdf/sdk-core');
const { cdfHttp } = await import('@cdf/sdk/http');
const config = {
  clientName: 'matrix',
  project: 'p',
  baseUrl: 'http://127.0.0.1:1',
  credentials: new core.Token('any'),
  retry: { connectLimit: 0 },
};
for (const client of [new CdfClient(config), new LeanClient(config)]) {
  assert.ok(client.assets instanceof AssetsApi);
  assert.ok(client.assets instanceof ResourceApi);
  await assert.rejects(
    async () => await client.assets.list(),
    (error) => error instanceof core.NetworkError,
  );
  await assert.rejects(
    async () => cdfHttp(client).get('../elsewhere'),
    (error) => error instanceof core.ConfigError,
  );
}
// Parts that are loaded on use take their classes from the same files.
const broken = memoryTransport({
  'POST /assets': () => {
    throw new core.ApiError('no', { status: 400 });
  },
});
await assert.rejects(
  new AssetsApi(broken).createHierarchy([{ name: 'a', externalId: '1' }]),
  (error) => error instanceof core.CdfError,
);
await assert.rejects(
  new CdfClient(config).datapoints.retrieve({ id: 'no' }),
  (error) => error instanceof core.ConfigError,
);
const outside = loaded().filter(
  (file) => file.includes(OURS) && !/[\\/]dist[\\/]for-node[\\/]/.test(file),
);
assert.deepEqual(outside, []);
console.log(`${process.version} done`);

/** The files that were loaded since the last call. */
function loaded() {
  const files = [];
  for (let told = receiveMessageOnPort(port1); told; told = receiveMessageOnPort(port1))
    if (told.message.startsWith('file:')) files.push(fileURLToPath(told.message));
  return files;
}

function isClass(value) {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
