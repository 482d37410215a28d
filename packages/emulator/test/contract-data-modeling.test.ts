import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContract } from './contract/document.js';
import { MODELING } from './contract/modeling/document.js';
import { MODELING_EXEMPTIONS } from './contract/modeling/exemptions.js';
import { EXAMPLES, modelingFixture } from './contract/modeling/fixture.js';
import { modelingRepaired, modelingRules } from './contract/modeling/rules.js';
import { Report } from './contract/report.js';
import { Trial } from './contract/trial.js';
import type { Client } from './helpers.js';

describe('the published contract of data modeling', () => {
  if (!existsSync(MODELING.location)) {
    it('is there in continuous integration', () => {
      console.warn(
        'skipped: the OpenAPI document of data modeling is not there, so no operation was checked against it',
      );
      expect(process.env.CI).not.toBe('true');
    });
    return;
  }
  const contract = loadContract(MODELING);
  const report = new Report(MODELING_EXEMPTIONS);
  let made: Client;
  beforeAll(async () => {
    made = await modelingFixture();
    made.emulator.saveSnapshot('start');
    made.emulator.writes.clear();
  });
  afterAll(() => console.log(report.toText()));

  it.each(contract.operations.map((operation) => [operation.name, operation] as const))(
    'is kept by %s',
    async (name, operation) => {
      const example = EXAMPLES[name];
      if (example === undefined) throw new Error(`missing example for ${name}`);
      const subject = {
        contract,
        made,
        exemptions: MODELING_EXEMPTIONS,
        rulesFor: modelingRules,
        repaired: modelingRepaired,
      };
      const trial = new Trial(subject, operation, example, report.row(name));
      await trial.accept('the example', example.path ?? operation.path, example.body);
      await trial.tryBodies();
      await trial.tryQueries();
      expect(trial.problems.slice(0, 10)).toEqual([]);
    },
    3_600_000,
  );

  it('was checked without leaving anything out', () => {
    expect(report.rows().filter(({ valid }) => valid === 0)).toEqual([]);
    expect(report.unusedExemptions()).toEqual([]);
  });
});
