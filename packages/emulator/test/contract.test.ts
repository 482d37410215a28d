import { afterAll, describe, expect, it } from 'vitest';
import { type Contract, haveDocument, loadContract, type Operation } from './contract/document.js';
import { examples, type Fixture, fixture } from './contract/examples.js';
import { EXEMPTIONS } from './contract/overlay.js';
import { type Variation, variationsOf } from './contract/variations.js';
import type { Answer } from './helpers.js';

interface Row {
  valid: number;
  refused: number;
  exempted: number;
}
const READS = /\/(list|search|aggregate|byids|downloadlink|latest|query)$/;
const report = new Map<string, Row>();

async function send(made: Fixture, operation: Operation, path: string, body: unknown): Promise<Answer> {
  if (operation.path.startsWith('/token')) {
    const { emulator } = made;
    const response = await emulator.fetch(`${emulator.url}/api/v1${path}`, { headers: { 'api-key': 'emulator-key' } });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
  return operation.method === 'get' ? await made.get(path) : await made.post(path, body);
}

function exemption(operation: string, variation: Variation): string | undefined {
  return EXEMPTIONS.find(
    (each) =>
      each.operation.test(operation) &&
      each.variation.test(variation.name) &&
      (each.expected ?? variation.expected) === variation.expected,
  )?.why;
}

describe('the published contract', () => {
  if (!haveDocument) {
    it('is there in continuous integration', () => {
      console.warn('skipped: the OpenAPI document is not there, so no operation was checked against it');
      expect(process.env.CI).not.toBe('true');
    });
    return;
  }
  const contract: Contract = loadContract();
  afterAll(() => {
    const lines = [...report].map(
      ([name, { valid, refused, exempted }]) =>
        `${name.padEnd(48)} ${String(valid).padStart(5)} ${String(refused).padStart(7)} ${String(exempted).padStart(8)}`,
    );
    const reasons = EXEMPTIONS.map(({ operation, variation, why }) => `  exempted ${operation} ${variation}: ${why}`);
    console.log([`${'operation'.padEnd(48)} valid refused exempted`, ...lines, ...reasons].join('\n'));
  });

  it.each(contract.operations.map((operation) => [operation.name, operation] as const))(
    'is kept by %s',
    async (name, operation) => {
      const made = await fixture();
      const example = examples(made)[name];
      if (example === undefined) throw new Error(`there is no example for ${name}`);
      const path = example.path ?? operation.path;
      const row: Row = { valid: 0, refused: 0, exempted: 0 };
      report.set(name, row);
      const problems: string[] = [];
      const accept = async (variation: string, on: Fixture, url: string, body: unknown): Promise<void> => {
        const answer = await send(on, operation, url, body);
        if (answer.status >= 300)
          problems.push(`${variation} was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
        else {
          try {
            operation.check(answer.status, answer.body);
            row.valid += 1;
          } catch (error) {
            problems.push(`${variation}: ${(error as Error).message}`);
          }
        }
      };
      const refuse = async (variation: string, url: string, body: unknown): Promise<void> => {
        const written = made.emulator.writes.length;
        const { status, body: answer } = await send(made, operation, url, body);
        const told = name.includes('/units') ? answer : answer.error;
        if (status !== 400 || told?.code !== 400 || typeof told.message !== 'string') {
          problems.push(`${variation} was not refused with 400 but ${status} ${JSON.stringify(answer).slice(0, 200)}`);
        } else if (made.emulator.writes.length > written)
          problems.push(`${variation} was refused but stored something`);
        else row.refused += 1;
      };

      for (const variation of operation.requestSchema === undefined
        ? []
        : variationsOf(contract, operation.requestSchema, example.body)) {
        if (exemption(name, variation) !== undefined) row.exempted += 1;
        else if (variation.expected === 'refused') await refuse(variation.name, path, variation.body);
        else {
          // What changes nothing can be asked of the same emulator again; ids differ from fixture to fixture.
          const fresh = READS.test(name) ? made : await fixture();
          // Ids differ from fixture to fixture.
          const body = withIds(variation.body, made, fresh);
          await accept(variation.name, fresh, path, body);
        }
      }
      for (const parameter of operation.method === 'get' &&
      operation.parameters.some(({ name: own }) => own === 'limit')
        ? ['limit=0', 'limit=x', 'nonsense=1']
        : []) {
        await refuse(
          parameter,
          `${operation.path}?${parameter}${path.includes('members') ? '&externalId=subscription' : ''}`,
          undefined,
        );
      }
      await accept('the example', made, path, example.body);
      expect(problems.slice(0, 10)).toEqual([]);
    },
  );
});

/** The same request for another fixture. */
function withIds(body: unknown, from: Fixture, to: Fixture): unknown {
  let text = JSON.stringify(body).replaceAll(from.uploadId, to.uploadId);
  for (const [name, id] of Object.entries(from.ids))
    text = text.replaceAll(String(id), String(to.ids[name as keyof Fixture['ids']]));
  return JSON.parse(text);
}
