import fc from 'fast-check';
import type { Json } from '../../helpers.js';
import type { Rule } from '../rules.js';
import { VIEW } from './fixture.js';
import {
  aggregates,
  container,
  dataModel,
  filters,
  instanceKey,
  select,
  sorts,
  source,
  steps,
  syncSteps,
  view,
  word,
  write,
} from './requests.js';

interface RuleFor extends Rule {
  readonly operation?: RegExp;
}

const exists = 'what is referred to must exist, and has a type';
const RULES: readonly RuleFor[] = [
  { path: /^cursors?$/, why: 'section 2.5: a cursor comes from an answer' },
  { operation: /GET/, path: /^space$/, make: fc.constantFrom('demo', 'cdf_cdm'), why: exists },
  {
    operation: /GET/,
    path: /^usedFor$/,
    make: fc.subarray(['node', 'edge', 'all', 'record'], { minLength: 1 }),
    why: exists,
  },
  {
    operation: /POST \/models\/spaces$/,
    path: /^items\[\]\.space$/,
    make: word('new'),
    why: 'section 1.1: the pattern',
  },
  {
    operation: /spaces\/delete$/,
    path: /^items\[\]\.space$/,
    make: fc.constantFrom('empty', 'absent'),
    why: 'section 1.1: only empty spaces',
  },
  { operation: /POST \/models\/containers$/, path: /^items\[\]$/, make: container, why: exists },
  { operation: /POST \/models\/views$/, path: /^items\[\]$/, make: view, why: exists },
  { operation: /POST \/models\/datamodels$/, path: /^items\[\]$/, make: dataModel, why: exists },
  { operation: /POST \/models\/instances$/, path: /^items\[\]$/, make: write, why: exists },
  { operation: /POST \/models\/instances$/, path: /^delete\[\]$/, make: instanceKey, why: exists },
  {
    operation: /instances\/(byids|delete|inspect)$/,
    path: /^items\[\]$/,
    make: instanceKey,
    why: exists,
  },
  {
    operation: /list$|byids$/,
    path: /^sources$/,
    make: fc.array(source, { maxLength: 3 }),
    why: exists,
  },
  { operation: /instances\/query$/, path: /^with$/, make: steps, why: exists },
  { operation: /instances\/query$/, path: /^select$/, make: select(false), why: exists },
  { operation: /instances\/sync$/, path: /^with$/, make: syncSteps, why: exists },
  { operation: /instances\/sync$/, path: /^select$/, make: select(true), why: exists },
  { path: /^parameters$/, make: fc.constant({ x: 'y' }), why: exists },
  {
    path: /^instanceType$/,
    make: fc.constant('node'),
    why: 'section 2.5: the view is one of nodes',
  },
  { path: /^filter$/, make: filters, why: exists },
  { operation: /search$/, path: /^sort$/, make: sorts(true), why: exists },
  { path: /^sort$/, make: sorts(false), why: exists },
  { path: /^view$/, make: fc.constant(VIEW), why: exists },
  { path: /^properties$/, make: fc.subarray(['name', 'labels'], { minLength: 1 }), why: exists },
  {
    path: /^groupBy$/,
    make: fc.subarray(
      ['name', 'labels', 'parent', 'friends', 'count', 'power', 'on', 'externalId'],
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    why: 'section 2.10: some types only',
  },
  { path: /^aggregates$/, make: aggregates, why: exists },
  {
    path: /^targetUnits$/,
    make: fc.constant([{ property: 'power', unit: { externalId: 'pressure:pa' } }]),
    why: exists,
  },
  {
    path: /timeout$/,
    make: fc.integer({ min: 1, max: 60_000 }),
    why: 'section 2.6: at most a minute',
  },
  {
    path: /(^|\.)space$/,
    make: fc.constantFrom('demo', 'absent'),
    why: 'section 1.1: the pattern',
  },
  {
    path: /(^|\.)(externalId|containerExternalId)$/,
    make: fc.constantFrom('Thing', 'M', 'Absent'),
    why: 'section 1.2: the pattern',
  },
  { path: /(^|\.)version$/, make: fc.constantFrom('v1', '1'), why: 'section 1.3: the pattern' },
  { path: /identifier$/, make: fc.constantFrom('unique', 'name', 'absent'), why: exists },
];

/** Rules of the reference that the schema of a request does not have. */
export function modelingRules(operation: string): readonly Rule[] {
  return RULES.filter((rule) => rule.operation?.test(operation) ?? true);
}

/** The same instance or part twice is refused: each is named once here. */
export function modelingRepaired(operation: string, body: Json): Json {
  if (
    !/POST \/models\/instances$|POST \/models\/(containers|views|datamodels|spaces)$/.test(
      operation,
    )
  )
    return body;
  const seen = new Set<string>();
  const isNew = ({ space, externalId, version }: Json): boolean => {
    const name = JSON.stringify([space, externalId, version]);
    const fresh = !seen.has(name);
    seen.add(name);
    return fresh;
  };
  body.items = body.items.filter(isNew);
  if (body.delete !== undefined && /instances$/.test(operation))
    body.delete = body.delete.filter(isNew);
  return body;
}
