import type { LabelReference } from '../model/common.js';
import { externalIdText, idNumber, timestamp } from '../validation/common.js';
import { needed, text } from '../validation/schema.js';
import { geoLocation, labelReference, labels, type MetadataLimits, metadata } from './checks.js';
import { between, equalTo, inDataSets, labelled, located, pairsOf, prefixOf } from './parts.js';
import { list, metadataField, scalar } from './patch.js';
import type { Field, FieldProperty, SearchLimits } from './table.js';

/** Kinds of fields that several resources have. Each has the rest of its own rules. */
interface TextOptions {
  readonly min?: number;
  readonly max: number;
  /** Create requests need it, and it cannot be emptied. */
  readonly required?: boolean;
  /** True if updates may change it. @default true */
  readonly patched?: boolean;
  readonly filter?: 'body' | 'query';
  readonly search?: SearchLimits;
  readonly property?: Omit<FieldProperty<object>, 'kind'>;
}

/** A text that is filtered by its whole value. */
export function textField<T extends object>(name: string, options: TextOptions): Field<T> {
  const { min = 0, max, required = false, patched = true, filter, search, property } = options;
  const check = text({ min, max });
  return {
    create: required ? needed(check) : check,
    ...(patched ? { patch: scalar(check, { required }) } : {}),
    ...(filter === undefined
      ? {}
      : { filter: equalTo<T>(name, check, filter === 'query' ? 'text' : false) }),
    ...(search === undefined ? {} : { search }),
    ...(property === undefined
      ? {}
      : { property: { kind: 'text', ...property } as FieldProperty<T> }),
  };
}

/** The name that clients give an item. */
export function externalIdField<T extends object>(
  options: { readonly property?: Omit<FieldProperty<T>, 'kind'>; readonly inQuery?: boolean } = {},
): Field<T> {
  const { property, inQuery = true } = options;
  return {
    create: externalIdText,
    patch: scalar(externalIdText),
    filter: prefixOf<T>('externalId', { inQuery }),
    ...(property === undefined ? {} : { property: { kind: 'text', ...property } }),
  };
}

export function dataSetField<T extends object>(
  size: { readonly min?: number; readonly max: number },
  options: {
    readonly property?: Omit<FieldProperty<T>, 'kind'>;
    readonly inQuery?: boolean;
    readonly isOlderAggregate?: boolean;
  } = {},
): Field<T> {
  const { property, inQuery = true, isOlderAggregate = false } = options;
  return {
    create: idNumber,
    patch: scalar(idNumber),
    refersTo: 'dataSet',
    filter: inDataSets<T>('dataSetId', size, { inQuery }),
    isOlderAggregate,
    ...(property === undefined ? {} : { property: { kind: 'number', ...property } }),
  };
}

/** Metadata; `isAlwaysThere` when items without any have an empty object. */
export function metadataFieldOf<T extends object>(
  limits: MetadataLimits,
  options: { readonly isAlwaysThere?: boolean; readonly inQuery?: boolean } = {},
): Field<T> {
  return {
    create: metadata(limits),
    patch: metadataField(limits),
    filter: pairsOf<T>('metadata', { inQuery: options.inQuery ?? true }),
    ...(options.isAlwaysThere === true ? { initial: {} } : {}),
  };
}

/** Labels; assets leave an empty list out, files have one always. */
export function labelsField<T extends object>(
  options: { readonly whenEmpty: 'absent' | 'empty' } & Pick<Field<T>, 'property'>,
): Field<T> {
  const dropsEmpty = options.whenEmpty === 'absent';
  return {
    create: labels,
    patch: list(labelReference, {
      max: 10,
      dropsEmpty,
      keyOf: (label) => (label as LabelReference).externalId,
    }),
    refersTo: 'label',
    filter: labelled<T>('labels'),
    dropsEmpty,
    ...(dropsEmpty ? {} : { initial: [] }),
    ...(options.property === undefined ? {} : { property: options.property }),
  };
}

export function geoField<T extends object>(): Field<T> {
  return { create: geoLocation, patch: scalar(geoLocation), filter: located<T>('geoLocation') };
}

/** A time that clients set. */
export function timeField<T extends object>(
  name: string,
  property?: Omit<FieldProperty<T>, 'kind'>,
): Field<T> {
  return {
    create: timestamp,
    patch: scalar(timestamp),
    filter: between<T>(name),
    ...(property === undefined ? {} : { property: { kind: 'number', ...property } }),
  };
}

/** The times that the server sets. */
export function stamps<T extends object>(
  options: { readonly isProperty?: boolean; readonly inQuery?: boolean } = {},
): Record<'createdTime' | 'lastUpdatedTime', Field<T>> {
  const { isProperty = true, inQuery = true } = options;
  const stamp = (name: string): Field<T> => ({
    filter: between<T>(name, { inQuery }),
    ...(isProperty ? { property: { kind: 'number', sorts: true } } : {}),
  });
  return { createdTime: stamp('createdTime'), lastUpdatedTime: stamp('lastUpdatedTime') };
}
