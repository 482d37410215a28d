const { strict: assert } = require('node:assert');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const scope = join(__dirname, 'node_modules/@cdf');
const specifiers = readdirSync(scope).flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(join(scope, name, 'package.json'), 'utf8'));
  return Object.keys(exports).map((entry) => `@cdf/${name}${entry.slice(1)}`);
});
assert.ok(specifiers.length > 20);
for (const specifier of specifiers) assert.ok(Object.keys(require(specifier)).length > 0, specifier);

const { CdfClient, Token } = require('@cdf/sdk');
const { CdfClient: LeanClient } = require('@cdf/sdk-core');
const config = { clientName: 'matrix', project: 'p', cluster: 'c', credentials: new Token('any') };
assert.equal(typeof new CdfClient(config).datapoints.retrieve, 'function');
assert.equal(typeof new LeanClient(config).assets.list, 'function');
console.log(`${process.version} done`);
