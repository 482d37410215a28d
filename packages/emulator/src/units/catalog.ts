import { dataFile } from '../data-file.js';
import { badRequest } from '../errors.js';

/** A unit as the API sends it. */
export interface Unit {
  readonly externalId: string;
  readonly name: string;
  readonly longName: string;
  readonly symbol: string;
  readonly aliasNames: readonly string[];
  readonly quantity: string;
  readonly conversion: { readonly multiplier: number; readonly offset: number };
  readonly source: string | null;
  readonly sourceReference: string | null;
}

export interface UnitSystem {
  readonly name: string;
  readonly quantities: readonly { readonly name: string; readonly unitExternalId: string }[];
}

/** How stored values become those of the requested unit; `undefined` leaves them as they are. */
export interface Conversion {
  readonly unitExternalId: string;
  /** A value. */
  readonly value: (value: number) => number;
  /** A difference of values: the multiplier only. */
  readonly difference: (value: number) => number;
  /** A variance: the multiplier squared. */
  readonly variance: (value: number) => number;
  /** A sum of `count` values. */
  readonly sum: (sum: number, count: number) => number;
}

/** A unit with its text in the catalogue, where the factors are floats whatever their value. */
interface CatalogEntry {
  readonly unit: Unit;
  readonly text: string;
}

let units: ReadonlyMap<string, CatalogEntry> | undefined;
let systems: readonly UnitSystem[] | undefined;

/**
 * The whole catalogue by external id, in its order, read at first use: the file has a unit a line.
 */
export function allUnits(): ReadonlyMap<string, CatalogEntry> {
  if (units !== undefined) return units;
  const lines = dataFile('units.json').split('\n').slice(1, -2);
  units = new Map(
    lines.map((line) => {
      const text = line.endsWith(',') ? line.slice(0, -1) : line;
      const unit = JSON.parse(text) as Unit;
      return [unit.externalId, { unit, text }];
    }),
  );
  return units;
}

export function allSystems(): readonly UnitSystem[] {
  systems ??= JSON.parse(dataFile('unit-systems.json')) as readonly UnitSystem[];
  return systems;
}

export function unitOf(externalId: string | undefined): Unit | undefined {
  return externalId === undefined ? undefined : allUnits().get(externalId)?.unit;
}

/** Refuses units that the catalogue does not have. */
export function checkUnit(externalId: string): void {
  if (unitOf(externalId) === undefined) {
    throw badRequest(`Unit not found: ${externalId}`, { missing: [{ externalId }] });
  }
}

/** The conversion that a request asks for; refuses one that is not possible. */
export function conversionTo(
  from: string | undefined,
  targetUnit: string | undefined,
  targetUnitSystem: string | undefined,
): Conversion | undefined {
  if (targetUnit === undefined && targetUnitSystem === undefined) return undefined;
  if (targetUnit !== undefined && targetUnitSystem !== undefined) {
    throw badRequest('Only one of targetUnit and targetUnitSystem can be given');
  }
  const source = unitOf(from);
  if (source === undefined)
    throw badRequest('The time series has no unitExternalId to convert from');
  const target = unitOf(targetUnit ?? systemUnit(source.quantity, targetUnitSystem ?? ''));
  if (target === undefined) {
    const name = targetUnit ?? targetUnitSystem;
    throw badRequest(`Unit not found: ${name}`, { missing: [{ externalId: name }] });
  }
  if (target.quantity !== source.quantity) {
    throw badRequest(
      `Cannot convert from ${source.externalId} to ${target.externalId}: they measure different quantities`,
    );
  }
  return conversionBetween(source, target);
}

function conversionBetween(source: Unit, target: Unit): Conversion {
  const same = (value: number): number => value;
  const { externalId: unitExternalId } = target;
  if (source.externalId === unitExternalId)
    return { unitExternalId, value: same, difference: same, variance: same, sum: same };
  const [from, to] = [source.conversion, target.conversion];
  const ratio = from.multiplier / to.multiplier;
  return {
    unitExternalId,
    value: (value) => round(((value + from.offset) * from.multiplier) / to.multiplier - to.offset),
    difference: (value) => round(value * ratio),
    variance: (value) => round(value * ratio * ratio),
    sum: (sum, count) => round((sum + count * from.offset) * ratio - count * to.offset),
  };
}

/** The unit of a quantity in a system, or in the default one when the system does not name it. */
function systemUnit(quantity: string, system: string): string | undefined {
  const asked = allSystems().find(({ name }) => name === system);
  if (asked === undefined) throw badRequest(`Unknown unit system: ${system}`);
  const fallback = allSystems().find(({ name }) => name === 'Default');
  const entry = [asked, fallback]
    .flatMap((each) => each?.quantities ?? [])
    .find(({ name }) => name === quantity);
  return entry?.unitExternalId;
}

/** Conversions are rounded to 12 significant digits. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : value;
}
