const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Every entry of every @cdf package in this folder's node_modules, as its `exports` say: '@cdf/core/node'. */
exports.entries = () => {
  const scope = join(__dirname, 'node_modules/@cdf');
  return readdirSync(scope).flatMap((name) => {
    const { exports: entries } = JSON.parse(
      readFileSync(join(scope, name, 'package.json'), 'utf8'),
    );
    const modules = Object.keys(entries).filter((entry) => entry !== './package.json');
    return modules.map((entry) => `@cdf/${name}${entry.slice(1)}`);
  });
};
