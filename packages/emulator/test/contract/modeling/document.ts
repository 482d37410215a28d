import type { Json } from '../../helpers.js';
import type { Source } from '../document.js';

/** The document of data modeling, in line with the service. */
export const MODELING: Source = {
  location: new URL(
    '../../../../../../shared/contract/cdf-openapi-datamodeling.json',
    import.meta.url,
  ),
  areas: ['/models'],
  amend: (document) => {
    relax(document);
    for (const { apply } of AMENDMENTS)
      apply(document.components.schemas, document.components.responses);
    return document;
  },
};

const AMENDMENTS: readonly {
  readonly section: string;
  readonly why: string;
  readonly apply: (schemas: Json, responses: Json) => void;
}[] = [
  {
    section: '2.1',
    why: 'the pattern of the ids of instances is escaped once too often',
    apply: ({ NodeOrEdgeExternalId }) => {
      NodeOrEdgeExternalId.pattern = '^[^\\u0000]{1,256}$';
    },
  },
  {
    section: '1.2',
    why: 'a property may begin with a digit, and have a hyphen',
    apply: ({ PropertyIdentifierV3 }) => {
      PropertyIdentifierV3.pattern = '^[a-zA-Z0-9][a-zA-Z0-9_-]{0,253}[a-zA-Z0-9]?$';
    },
  },
  {
    section: '2.10',
    why: 'the answer of an aggregate is its items',
    apply: ({ AggregatedResultItemCollection, AggregatedResultItem }) => {
      AggregatedResultItemCollection.required = ['items'];
      delete AggregatedResultItem.properties.aggregates.minItems;
    },
  },
  {
    section: '2.2, 2.3',
    why: 'lists may be empty: of deleted instances and of values',
    apply: ({ DeletedInstances, RawPropertyValueV3, PropertyValueGroupV3 }) => {
      delete DeletedInstances.minItems;
      delete PropertyValueGroupV3.minProperties;
      for (const branch of RawPropertyValueV3.anyOf) delete branch.minItems;
    },
  },
  {
    section: '1.5, 2.4',
    why: 'deletions answer with what was really there, which may be nothing',
    apply: (schemas, responses) => {
      for (const response of Object.values<Json>(responses)) {
        const json = response.content?.['application/json'];
        if (json?.schema === undefined) continue;
        const name = json.schema.$ref?.split('/').at(-1);
        if (name !== undefined) json.schema = structuredClone(schemas[name]);
        if (json.schema.properties?.items !== undefined)
          delete json.schema.properties.items.minItems;
      }
    },
  },
  {
    section: '1.2',
    why: 'the number of enum values is that of the object, not of each value',
    apply: ({ EnumProperty }) => {
      const { additionalProperties } = EnumProperty.properties.values;
      delete additionalProperties.minProperties;
      delete additionalProperties.maxProperties;
      Object.assign(EnumProperty.properties.values, { minProperties: 1, maxProperties: 32 });
    },
  },
];

/** Branches overlap without a discriminator, so that an answer may fit several. */
function relax(node: Json): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node.oneOf)) {
    node.anyOf = node.oneOf;
    delete node.oneOf;
  }
  for (const child of Object.values<Json>(node)) relax(child);
}
