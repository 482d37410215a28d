import type { Unit, UnitSystem } from './catalog.js';

/**
 * A subset of the public unit catalogue of Cognite (https://github.com/cognitedata/units-catalog, Apache-2.0; it
 * builds on QUDT, https://qudt.org, CC BY 4.0): identifiers, quantities and conversion factors (rounded as there), without most of its aliases.
 */
type Row = readonly [externalId: string, longName: string, symbol: string, multiplier: number, offset?: number];

const QUANTITIES: Readonly<Record<string, readonly Row[]>> = {
  Acceleration: [
    ['acceleration:m-per-sec2', 'Meter per Square Second', 'm/s²', 1],
    ['acceleration:ft-per-sec2', 'Foot per Square Second', 'ft/s²', 0.3048],
  ],
  Angle: [
    ['angle:deg', 'Degree', '°', 0.017453292519943295],
    ['angle:rad', 'Radian', 'rad', 1],
  ],
  'Angular Velocity': [
    ['angular_velocity:rad-per-sec', 'Radian per Second', 'rad/s', 1],
    ['angular_velocity:rev-per-sec', 'Revolution per Second', 'rev/s', 6.283185307179586],
    ['angular_velocity:rev-per-min', 'Revolution per Minute', 'rev/min', 0.10471975511965977],
  ],
  Area: [
    ['area:m2', 'Square Meter', 'm²', 1],
    ['area:ft2', 'Square Foot', 'ft²', 0.09290304],
  ],
  Density: [
    ['density:kilogm-per-m3', 'Kilogram per Cubic Meter', 'kg/m³', 1],
    ['density:lb-per-ft3', 'Pound per Cubic Foot', 'lb/ft³', 16.01846337396014],
  ],
  'Dimensionless Ratio': [
    ['dimensionless_ratio:fraction', 'Fraction', '-', 1],
    ['dimensionless_ratio:percent', 'Percent', '%', 0.01],
  ],
  'Electric Current': [
    ['electric_current:a', 'Ampere', 'A', 1],
    ['electric_current:millia', 'Milliampere', 'mA', 0.001],
  ],
  'Electric Potential': [
    ['electric_potential:v', 'Volt', 'V', 1],
    ['electric_potential:kilov', 'Kilovolt', 'kV', 1000],
  ],
  Energy: [
    ['energy:j', 'Joule', 'J', 1],
    ['energy:kiloj', 'Kilojoule', 'kJ', 1000],
    ['energy:kilow-hr', 'Kilowatt Hour', 'kW⋅h', 3_600_000],
    ['energy:btu_it', 'British Thermal Unit (International Definition)', 'Btu{IT}', 1055.05585262],
  ],
  Force: [
    ['force:n', 'Newton', 'N', 1],
    ['force:lb_f', 'Pound Force', 'lbf', 4.4482216152605],
  ],
  Frequency: [
    ['frequency:hz', 'Hertz', 'Hz', 1],
    ['frequency:kilohz', 'Kilohertz', 'kHz', 1000],
  ],
  Length: [
    ['length:m', 'Meter', 'm', 1],
    ['length:kilom', 'Kilometer', 'km', 1000],
    ['length:centim', 'Centimeter', 'cm', 0.01],
    ['length:millim', 'Millimeter', 'mm', 0.001],
    ['length:ft', 'Foot', 'ft', 0.3048],
    ['length:in', 'Inch', 'in', 0.0254],
    ['length:mi', 'International Mile', 'mi', 1609.344],
  ],
  Mass: [
    ['mass:kilogm', 'kilogram', 'kg', 1],
    ['mass:gm', 'Gram', 'g', 0.001],
    ['mass:lb', 'Pound Mass', 'lbm', 0.45359237],
    ['mass:tonne', 'Tonne', 't', 1000],
  ],
  'Mass Flow Rate': [
    ['mass_flow_rate:kilogm-per-sec', 'Kilogram per Second', 'kg/s', 1],
    ['mass_flow_rate:kilogm-per-hr', 'Kilogram per Hour', 'kg/h', 0.000277777778],
    ['mass_flow_rate:tonne-per-hr', 'Tonne Per Hour', 't/h', 0.277777777777778],
    ['mass_flow_rate:lb-per-sec', 'Pound per Second', 'lb/s', 0.45359237],
  ],
  Power: [
    ['power:w', 'watt', 'W', 1],
    ['power:kilow', 'Kilowatt', 'kW', 1000],
    ['power:megaw', 'MegaW', 'MW', 1_000_000],
    ['power:hp', 'Horsepower', 'HP', 745.6999],
  ],
  Pressure: [
    ['pressure:pa', 'pascal', 'Pa', 1],
    ['pressure:hectopa', 'Hectopascal', 'hPa', 100],
    ['pressure:kilopa', 'Kilopascal', 'kPa', 1000],
    ['pressure:bar', 'Bar', 'bar', 100_000],
    ['pressure:psi', 'Pound Force per Square Inch', 'psi', 6894.75789],
    ['pressure:barg', 'Bar(g)', 'bar(g)', 100_000, 1.01325],
    ['pressure:millibar', 'Millibar', 'mbar', 100],
    ['pressure:atm', 'Standard Atmosphere', 'atm', 101_325],
  ],
  Temperature: [
    ['temperature:k', 'kelvin', 'K', 1],
    ['temperature:deg_c', 'degree Celsius', '°C', 1, 273.15],
    ['temperature:deg_f', 'Degree Fahrenheit', '°F', 0.5555555555555556, 459.67],
  ],
  Time: [
    ['time:sec', 'second', 's', 1],
    ['time:min', 'Minute', 'min', 60],
    ['time:hr', 'Hour', 'h', 3600],
    ['time:day', 'Day', 'day', 86_400],
  ],
  Velocity: [
    ['velocity:m-per-sec', 'Meter per Second', 'm/s', 1],
    ['velocity:kilom-per-hr', 'Kilometer per Hour', 'km/h', 1 / 3.6],
    ['velocity:ft-per-sec', 'Foot per Second', 'ft/s', 0.3048],
    ['velocity:mi-per-hr', 'Mile per Hour', 'mi/h', 0.44704],
    ['velocity:kn', 'Knot', 'kn', 1852 / 3600],
  ],
  Volume: [
    ['volume:m3', 'Cubic Meter', 'm³', 1],
    ['volume:l', 'Liter', 'L', 0.001],
    ['volume:ft3', 'Cubic Foot', 'ft³', 0.028316846592],
  ],
  'Volume Flow Rate': [
    ['volume_flow_rate:m3-per-sec', 'Cubic Meter per Second', 'm³/s', 1],
    ['volume_flow_rate:m3-per-hr', 'Cubic Meter per Hour', 'm³/h', 1 / 3600],
    ['volume_flow_rate:ft3-per-sec', 'Cubic Foot per Second', 'ft³/s', 0.028316846592],
  ],
};

export const UNITS: readonly Unit[] = Object.entries(QUANTITIES).flatMap(([quantity, rows]) =>
  rows.map(([externalId, longName, symbol, multiplier, offset = 0]) => {
    const name = nameOf(externalId.split(':')[1] ?? externalId);
    return {
      externalId,
      name,
      quantity,
      longName,
      aliasNames: [symbol, longName],
      symbol,
      conversion: { multiplier, offset },
      source: 'qudt.org',
      sourceReference: `https://qudt.org/vocab/unit/${name}`,
    };
  }),
);

/** Names are those of QUDT: capitals, prefixes written out. */
function nameOf(id: string): string {
  const prefixed = /^(kilo|mega|hecto|centi|milli)(?=[a-z])/.exec(id)?.[1] ?? '';
  const prefix = prefixed.slice(0, 1).toUpperCase() + prefixed.slice(1);
  return prefix + id.slice(prefixed.length).toUpperCase();
}

const DEFAULT =
  'angle:deg angular_velocity:rev-per-sec acceleration:m-per-sec2 area:m2 density:kilogm-per-m3 dimensionless_ratio:fraction electric_current:a electric_potential:v energy:j force:n frequency:hz length:m mass:kilogm mass_flow_rate:kilogm-per-sec power:w pressure:bar temperature:deg_c time:sec velocity:m-per-sec volume:m3 volume_flow_rate:m3-per-sec';
const SI =
  'angle:rad angular_velocity:rad-per-sec acceleration:m-per-sec2 area:m2 density:kilogm-per-m3 dimensionless_ratio:fraction electric_current:a electric_potential:v energy:j force:n frequency:hz length:m mass:kilogm mass_flow_rate:kilogm-per-sec power:w pressure:pa temperature:k time:sec velocity:m-per-sec volume:m3 volume_flow_rate:m3-per-sec';
const IMPERIAL =
  'acceleration:ft-per-sec2 area:ft2 density:lb-per-ft3 energy:btu_it force:lb_f length:ft mass:lb mass_flow_rate:lb-per-sec power:hp pressure:psi temperature:deg_f velocity:ft-per-sec volume:ft3 volume_flow_rate:ft3-per-sec';

export const SYSTEMS: readonly UnitSystem[] = [
  system('Default', DEFAULT),
  system('SI', SI),
  system('Imperial', IMPERIAL),
];

function system(name: string, units: string): UnitSystem {
  const quantities = units.split(' ').map((unitExternalId) => {
    const quantity = UNITS.find(({ externalId }) => externalId === unitExternalId)?.quantity ?? '';
    return { name: quantity, unitExternalId };
  });
  return { name, quantities };
}
