import fc from 'fast-check';
import type { Answer, Client, Json } from '../helpers.js';
import type { Contract, Operation } from './document.js';
import type { Example } from './examples.js';
import { requestsOf } from './generate.js';
import type { Exemption } from './overlay.js';
import { brokenQueries, queriesOf } from './queries.js';
import type { Row } from './report.js';
import type { Rule } from './rules.js';
import { type Variation, variationsOf } from './variations.js';

/** Requests generated for each operation. */
const GENERATED = process.env.CDF_TEST_LONG === '1' ? 200 : 3;
const SEED = 20_240_601;

/** A document, and an emulator that should keep it. */
export interface Subject {
  readonly contract: Contract;
  readonly made: Client;
  readonly exemptions: readonly Exemption[];
  readonly rulesFor: (operation: string) => readonly Rule[];
  /** Brings in line what members of a generated request say about each other. */
  readonly repaired: (operation: string, body: Json) => Json;
  /** Runs before the snapshot is put back, for state that snapshots do not hold. */
  readonly beforePutBack?: (operation: string) => Promise<unknown>;
}

/**
 * Everything that is tried on one operation, on one emulator that is put back after each change.
 */
export class Trial {
  readonly problems: string[] = [];
  readonly #contract: Contract;
  readonly #operation: Operation;
  readonly #example: Example;
  readonly #row: Row;
  readonly #path: string;
  readonly #made: Client;
  readonly #subject: Subject;

  constructor(subject: Subject, operation: Operation, example: Example, row: Row) {
    const { contract, made } = subject;
    this.#subject = subject;
    this.#contract = contract;
    this.#operation = operation;
    this.#example = example;
    this.#path = example.path ?? operation.path;
    this.#made = made;
    this.#row = row;
  }

  /**
   * The example and generated requests, and what becomes of each when one thing in it is changed.
   */
  async tryBodies(): Promise<void> {
    const { requestSchema, name } = this.#operation;
    if (requestSchema === undefined) return;
    for (const variation of variationsOf(this.#contract, requestSchema, this.#example.body))
      await this.#vary('example', variation);
    const requests = requestsOf(this.#contract, requestSchema, this.#subject.rulesFor(name));
    for (const request of fc.sample(requests, { seed: SEED, numRuns: GENERATED })) {
      const body = this.#subject.repaired(name, structuredClone(request));
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
    const queries = queriesOf(this.#contract, this.#operation, this.#subject);
    for (const query of method === 'get'
      ? fc.sample(queries, { seed: SEED, numRuns: GENERATED })
      : []) {
      await this.accept('a generated query', `${own}?${query}`, undefined);
    }
    for (const { name: what, query } of brokenQueries(this.#contract, this.#operation, base)) {
      await this.#vary(
        'query',
        { name: what, expected: 'refused', body: this.#example.body },
        `${own}?${query}`,
      );
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
    const exemption = exemptionFor(this.#subject.exemptions, this.#operation.name, variation);
    if (exemption !== undefined) this.#row.exempted.push(exemption);
    else if (variation.expected === 'accepted')
      await this.accept(`${from}, ${variation.name}`, path, variation.body);
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
      this.#note(
        what,
        `was not refused with 400 but ${status} ${JSON.stringify(answer).slice(0, 200)}`,
        path,
        body,
      );
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
    await this.#subject.beforePutBack?.(this.#operation.name);
    if (emulator.writes.length > 0) emulator.restoreSnapshot('start');
    emulator.writes.clear();
  }

  #note(what: string, problem: string, path: string, body: Json): void {
    this.problems.push(`${what}: ${problem}\n  ${path} ${JSON.stringify(body)?.slice(0, 600)}`);
  }
}

function exemptionFor(
  exemptions: readonly Exemption[],
  operation: string,
  variation: Variation,
): Exemption | undefined {
  return exemptions.find(
    (each) =>
      each.operation.test(operation) &&
      each.variation.test(variation.name) &&
      (each.expected ?? variation.expected) === variation.expected,
  );
}
