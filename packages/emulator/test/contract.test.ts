import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveDocument, loadContract } from './contract/document.js';
import { examples, type Fixture, fixture } from './contract/examples.js';
import { EXEMPTIONS } from './contract/overlay.js';
import { repaired } from './contract/repairs.js';
import { Report } from './contract/report.js';
import { rulesFor } from './contract/rules.js';
import { type Subject, Trial } from './contract/trial.js';

describe('the published contract', () => {
  if (!haveDocument) {
    it('is there in continuous integration', () => {
      console.warn(
        'skipped: the OpenAPI document is not there, so no operation was checked against it',
      );
      expect(process.env.CI).not.toBe('true');
    });
    return;
  }
  const contract = loadContract();
  const report = new Report(EXEMPTIONS);
  let made: Fixture;
  beforeAll(async () => {
    made = await fixture();
    made.emulator.saveSnapshot('start');
  });
  afterAll(() => console.log(report.toText()));

  it.each(contract.operations.map((operation) => [operation.name, operation] as const))(
    'is kept by %s',
    async (name, operation) => {
      const example = examples(made)[name];
      if (example === undefined) throw new Error(`missing example for ${name}`);
      const subject: Subject = {
        contract,
        made,
        exemptions: EXEMPTIONS,
        rulesFor: (operationName) => rulesFor(operationName, made),
        repaired: (operationName, body) => repaired(operationName, body, made),
        beforePutBack: async (operationName) => {
          if (operationName.endsWith('completemultipartupload')) await made.uploadPart();
        },
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
