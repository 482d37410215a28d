import { afterAll, beforeAll, describe } from 'vitest';
import { ok } from './pairs/demo.js';
import { answerStatements } from './statements/answers.js';
import { instanceStatements } from './statements/instances.js';
import { queryStatements } from './statements/queries.js';
import { schemaStatements } from './statements/schema.js';
import { emulatorSubject, naiveSubject, type Subject } from './subjects.js';

const SUBJECTS = {
  'the naive model': async () => naiveSubject(),
  'an emulator over sockets': emulatorSubject,
};

for (const [name, start] of Object.entries(SUBJECTS))
  describe(`what is said of data modeling, of ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await start();
      ok(await subject.post('spaces', { items: [{ space: 'demo' }] }));
    });
    afterAll(async () => await subject.close());
    const current = (): Subject => subject;
    describe('the schema', () => schemaStatements(current));
    describe('instances', () => instanceStatements(current));
    describe('queries', () => queryStatements(current));
    describe('answers', () => answerStatements(current));
  });
