import { afterAll, beforeAll, describe } from 'vitest';
import { concurrencyPair, corePairs } from './pairs/core.js';
import { instancePairs } from './pairs/instances.js';
import { graphPairs, readingPairs } from './pairs/reading.js';
import { schemaPairs } from './pairs/schema.js';
import { emulatorSubject, naiveSubject, type Subject } from './subjects.js';

const SUBJECTS = {
  'the naive model': async () => naiveSubject(),
  'an emulator over sockets': emulatorSubject,
};

// The pairs build on each other, in this order.
for (const [name, start] of Object.entries(SUBJECTS))
  describe(`requests and answers of data modeling, of ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(async () => await subject.close());
    const current = (): Subject => subject;
    describe('schema', () => schemaPairs(current));
    describe('instances', () => instancePairs(current));
    describe('lists, searches and aggregates', () => readingPairs(current));
    describe('queries, syncs, deletions and counts', () => graphPairs(current));
    describe('the core model', () => corePairs(current));
    if (name !== 'the naive model') describe('concurrency', concurrencyPair);
  });
