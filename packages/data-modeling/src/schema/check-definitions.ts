import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { toJsonData } from '../wire/data.js';
import { attempt, isObject, LONGEST_DESCRIPTION, names, textFault } from './faults.js';
import { type Fault, idFault, mustBe, spaceFault, versionFault } from './name-rules.js';
import { propertyFaults } from './property-faults.js';

// Views are checked here and not where they are made: a bundle that only reads has no use for the
// rules.

const LONGEST_NAME = 255;
const MOST_PROPERTIES = 300;
const MOST_PARENTS = 10;

const VIEW_OPTIONS = /* @__PURE__ */ names('implements name description filter usedFor');

/**
 * Checks views against the rules of the API.
 *
 * @throws {ConfigError} with every fault: the view, the property and the rule
 */
export function checkDefinitions(views: readonly AnyView[], what: string): void {
  const faults = views.flatMap((view) =>
    faultsOf(view).map((fault) => `view ${viewKey(view)}: ${fault}`),
  );
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '' : `${faults.length} faults: `;
  throw new ConfigError(`${what}: ${count}${faults.join('; ')}`);
}

function faultsOf(view: AnyView): string[] {
  const { space, externalId, version, options } = view;
  return [
    spaceFault(space, 'space'),
    idFault(externalId, 'externalId', space),
    versionFault(version),
    ...optionFaults(options),
    ...countFaults(view),
    ...view.ownProperties.flatMap((name) =>
      propertyFaults(view, name).map((fault) => fault && `${quoted(name)}: ${fault}`),
    ),
  ].filter((fault) => fault !== undefined);
}

function countFaults({ properties, options }: AnyView): Fault[] {
  const count = Object.keys(properties).length;
  const parents = options.implements?.length ?? 0;
  return [
    count > MOST_PROPERTIES
      ? `it has ${count} properties with those that it inherits, the API takes ${MOST_PROPERTIES}`
      : undefined,
    parents > MOST_PARENTS
      ? `it implements ${parents} views, the API takes ${MOST_PARENTS}`
      : undefined,
  ];
}

function optionFaults(options: AnyView['options']): Fault[] {
  const { name, description, filter, usedFor } = options;
  const isUse = usedFor === undefined || ['node', 'edge', 'all'].includes(usedFor);
  return [
    attempt(() => refuseUnknown(Object.keys(options), VIEW_OPTIONS, 'options')),
    textFault('name', name, LONGEST_NAME),
    textFault('description', description, LONGEST_DESCRIPTION),
    filterFault(filter),
    isUse ? undefined : mustBe('usedFor', "'node', 'edge' or 'all'", usedFor),
  ];
}

/** A filter is sent as it is: the API takes 64-bit integers there. */
function filterFault(filter: unknown): Fault {
  if (filter === undefined) return undefined;
  return isObject(filter)
    ? attempt(() => toJsonData(filter, 'filter', true))
    : mustBe('filter', 'an object', filter);
}
