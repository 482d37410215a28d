import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';

/**
 * Writes what a long run did as Markdown: each suite with its rounds, seeds and seconds, the
 * longest first.
 */
export default class SummaryReporter {
  #begun = Date.now();

  /** @param {{ file?: string, seed?: string, now?: () => number }} [options] */
  constructor({ file = 'test-long.md', seed = '', now = Date.now } = {}) {
    Object.assign(this, { file, seed, now });
  }

  onTestRunStart() {
    this.#begun = this.now();
  }

  onTestRunEnd(modules, unhandledErrors) {
    const suites = modules
      .map((module) => suiteOf(module))
      .sort((left, right) => right.seconds - left.seconds);
    const seconds = Math.round((this.now() - this.#begun) / 1000);
    const sum = (member) => suites.reduce((total, suite) => total + suite[member], 0);
    const text = [
      `# Long tests: ${sum('passed')} passed, ${sum('failed') + unhandledErrors.length} failed, ${seconds} s`,
      '',
      `Again with the same values: \`CDF_TEST_SEED=${this.seed} npm run test:long\`.`,
      '',
      '| suite | passed | failed | rounds | seeds | seconds |',
      '|---|---|---|---|---|---|',
      ...suites.map(
        (suite) =>
          `| ${suite.name} | ${suite.passed} | ${suite.failed} | ${suite.rounds || ''} | ${suite.seeds.join(', ')} | ${suite.seconds.toFixed(1)} |`,
      ),
      '',
    ].join('\n');
    writeFileSync(this.file, text);
    process.stdout.write(`summary of the long tests: ${this.file}\n`);
  }
}

function suiteOf(module) {
  const tests = [...module.children.allTests()];
  const having = (state) => tests.filter((test) => test.result().state === state).length;
  const metas = tests.map((test) => test.meta());
  return {
    name: relative(process.cwd(), module.moduleId),
    passed: having('passed'),
    // A file that could not be loaded has no tests.
    failed: having('failed') + (module.state() === 'failed' && module.errors().length > 0 ? 1 : 0),
    rounds: metas.reduce((total, { rounds = 0 }) => total + rounds, 0),
    seeds: [...new Set(metas.flatMap(({ seeds = [] }) => seeds))],
    seconds: module.diagnostic().duration / 1000,
  };
}
