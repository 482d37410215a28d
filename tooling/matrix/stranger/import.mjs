import { strict as assert } from 'node:assert';
import { AssetsApi } from '@cdf/assets';
import { memoryTransport } from '@cdf/core/testing';
import { toArrowIpc } from '@cdf/datapoints/arrow';
import { saveChart } from '@cdf/plot/node';
import { CdfClient } from '@cdf/sdk';
import * as arrow from '@cdf/sdk/arrow';
import { CdfClient as CoreClient } from '@cdf/sdk/core';
import * as node from '@cdf/sdk/node';
import * as testing from '@cdf/sdk/testing';
import { CdfClient as LeanClient } from '@cdf/sdk-core';
import { entries } from './entries.cjs';

const specifiers = entries();
assert.ok(specifiers.length > 20);
for (const specifier of specifiers) {
  const exported = Object.entries(await import(specifier));
  assert.ok(exported.length > 0, specifier);
  for (const [name, value] of exported)
    assert.notEqual(value, undefined, `${name} of ${specifier}`);
}
assert.equal(CoreClient, LeanClient);
assert.ok(CdfClient.prototype instanceof LeanClient);
assert.equal(arrow.toArrowIpc, toArrowIpc);
assert.equal(node.saveChart, saveChart);
assert.equal(testing.memoryTransport, memoryTransport);

const transport = memoryTransport({
  'POST /assets/list': () => ({ items: [{ id: 1, name: 'pump', rootId: 1 }] }),
});
assert.equal((await new AssetsApi(transport).list())[0].name, 'pump');
console.log(`${process.version} done`);
