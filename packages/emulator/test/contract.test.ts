import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contract, haveDocument, loadContract, type Operation } from './contract/document.js';
import { type Example, examples, type Fixture, fixture } from './contract/examples.js';
import { requestsOf } from './contract/generate.js';
import { EXEMPTIONS, type Exemption } from './contract/overlay.js';
import { brokenQueries, queriesOf } from './contract/queries.js';
import { repaired } from './contract/repairs.js';
import { Report, type Row } from './contract/report.js';
import { rulesFor } from './contract/rules.js';
import { type Variation, variationsOf } from './contract/variations.js';
import type { Answer, Json } from './helpers.js';

/** Requests generated for each operation. */
const GENERATED = process.env.CDF_TEST_LONG === '1' ? 200 : 3;
const SEED = 20_240_601;

describe('the published contract', () => {
  if (!haveDocument) {
    it('is there in continuous integration', () => {
      console.warn('skipped: the OpenAPI document is not there, so no operation was checked against it');
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
      if (example === undefined) throw new Error(`there is no example for ${name}`);
      const trial = new Trial(contract, operation, example, made, report.row(name));
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

/** Everything that is tried on one operation, on one emulator that is put back after each change. */
class Trial {
  readonly problems: string[] = [];
  readonly #contract: Contract;
  readonly #operation: Operation;
  readonly #example: Example;
  readonly #row: Row;
  readonly #path: string;
  readonly #made: Fixture;

  constructor(contract: Contract, operation: Operation, example: Example, made: Fixture, row: Row) {
    this.#contract = contract;
    this.#operation = operation;
    this.#example = example;
    this.#path = example.path ?? operation.path;
    this.#made = made;
    this.#row = row;
  }

  /** The example and generated requests, and what becomes of each when one thing in it is changed. */
  async tryBodies(): Promise<void> {
    const { requestSchema, name } = this.#operation;
    if (requestSchema === undefined) return;
    for (const variation of variationsOf(this.#contract, requestSchema, this.#example.body))
      await this.#vary('example', variation);
    const requests = requestsOf(this.#contract, requestSchema, rulesFor(name, this.#made));
    for (const request of fc.sample(requests, { seed: SEED, numRuns: GENERATED })) {
      const body = repaired(name, structuredClone(request), this.#made);
      await this.accept('a generated request', this.#path, body);
      for (const variation of variationsOf(this.#contract, requestSchema, body)) {
        if (variation.expected === 'refused') await this.#vary('generated', variation);
      }
    }
  }

  async tryQueries(): Promise<void> {
    const { parameters, method, path } = this.#operation;
    if (!parameters.some((parameter) => parameter.in === 'query')) return;
    const own = this.#path.split('?')[0] ?? path;
    const base = this.#path.split('?')[1] ?? '';
    const queries = queriesOf(this.#contract, this.#operation, this.#made);
    for (const query of method === 'get' ? fc.sample(queries, { seed: SEED, numRuns: GENERATED }) : []) {
      await this.accept('a generated query', `${own}?${query}`, undefined);
    }
    for (const { name: what, query } of brokenQueries(this.#contract, this.#operation, base)) {
      await this.#vary('query', { name: what, expected: 'refused', body: this.#example.body }, `${own}?${query}`);
    }
  }

  async accept(what: string, path: string, body: Json): Promise<void> {
    const answer = await this.#send(path, body);
    if (answer.status >= 300) {
      this.#note(what, `was refused: ${answer.status} ${JSON.stringify(answer.body)}`, path, body);
      return;
    }
    try {
      this.#operation.check(answer.status, answer.body);
      this.#row.valid += 1;
    } catch (error) {
      this.#note(what, (error as Error).message, path, body);
    }
    await this.#putBack();
  }

  async #vary(from: string, variation: Variation, path: string = this.#path): Promise<void> {
    const exemption = exemptionFor(this.#operation.name, variation);
    if (exemption !== undefined) this.#row.exempted.push(exemption);
    else if (variation.expected === 'accepted') await this.accept(`${from}, ${variation.name}`, path, variation.body);
    else await this.#refuse(`${from}, ${variation.name}`, path, variation.body);
  }

  async #refuse(what: string, path: string, body: Json): Promise<void> {
    const written = this.#made.emulator.writes.length;
    const { status, body: answer } = await this.#send(path, body);
    const told = answer?.error;
    if (this.#made.emulator.writes.length > written) {
      this.#note(what, 'was refused or not, but stored something', path, body);
      await this.#putBack();
    } else if (status !== 400 || told?.code !== 400 || typeof told.message !== 'string') {
      this.#note(what, `was not refused with 400 but ${status} ${JSON.stringify(answer).slice(0, 200)}`, path, body);
    } else this.#row.refused += 1;
  }

  async #send(path: string, body: Json): Promise<Answer> {
    const { emulator, get, post } = this.#made;
    if (this.#operation.path.startsWith('/token')) {
      const response = await emulator.fetch(`${emulator.url}/api/v1${path}`, {
        headers: { 'api-key': 'emulator-key' },
      });
      return { status: response.status, body: await response.json(), headers: response.headers };
    }
    return this.#operation.method === 'get' ? await get(path) : await post(path, body);
  }

  /** Snapshots hold everything but the parts of uploads that are not complete. */
  async #putBack(): Promise<void> {
    const { emulator } = this.#made;
    if (this.#operation.path.endsWith('completemultipartupload')) await this.#made.uploadPart();
    if (emulator.writes.length > 0) emulator.restoreSnapshot('start');
    emulator.writes.clear();
  }

  #note(what: string, problem: string, path: string, body: Json): void {
    this.problems.push(`${what}: ${problem}\n  ${path} ${JSON.stringify(body)?.slice(0, 600)}`);
  }
}

function exemptionFor(operation: string, variation: Variation): Exemption | undefined {
  return EXEMPTIONS.find(
    (each) =>
      each.operation.test(operation) &&
      each.variation.test(variation.name) &&
      (each.expected ?? variation.expected) === variation.expected,
  );
}
