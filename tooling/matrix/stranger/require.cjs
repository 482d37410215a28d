const { strict: assert } = require('node:assert');
const { entries } = require('./entries.cjs');

const specifiers = entries();
const manifests = new Set(
  specifiers.map((specifier) => `${specifier.split('/', 2).join('/')}/package.json`),
);
assert.ok(specifiers.length > 20);
for (const specifier of [...specifiers, ...manifests])
  assert.ok(Object.keys(require(specifier)).length > 0, specifier);

const { CdfClient, Token } = require('@cdf/sdk');
const { CdfClient: LeanClient } = require('@cdf/sdk-core');
const config = { clientName: 'matrix', project: 'p', cluster: 'c', credentials: new Token('any') };
assert.equal(typeof new CdfClient(config).datapoints.retrieve, 'function');
assert.equal(typeof new LeanClient(config).assets.list, 'function');
console.log(`${process.version} done`);
