import type { Json } from '../helpers.js';

/**
 * Where the published document and the live service differ, the emulator follows the service. Every
 * amendment cites the section of the contract notes that says so.
 */
const AMENDMENTS: readonly {
  readonly section: string;
  readonly why: string;
  readonly apply: (document: Json) => void;
}[] = [
  {
    section: '7, 28',
    why: 'the value of a prefix filter is a plain string',
    apply: ({ components: { schemas } }) => {
      for (const name of ['PrefixFilter', 'AggregatePrefixFilter']) {
        const find = (node: Json): void => {
          if (node?.properties?.value?.type === 'object')
            node.properties.value = { type: 'string' };
          for (const child of Object.values<Json>(node ?? {}))
            if (typeof child === 'object') find(child);
        };
        find(schemas[name]);
      }
    },
  },
  {
    section: '17',
    why: 'uploadlink answers 200 with items',
    apply: ({ paths, components }) => {
      const schema =
        components.responses.UploadFileMetadataResponse.content['application/json'].schema;
      const items = {
        type: 'object',
        required: ['items'],
        properties: { items: { type: 'array', items: schema } },
      };
      paths['/files/uploadlink'].post.responses = {
        200: { description: '', content: { 'application/json': { schema: items } } },
      };
    },
  },
  {
    section: '17',
    why: 'initmultipartupload answers a bare object; multiuploadlink answers 200 with items',
    apply: ({ paths, components }) => {
      const wrapped =
        components.responses.MultiPartUploadFileMetadataResponse.content['application/json'].schema;
      const list =
        wrapped.$ref === undefined ? wrapped : components.schemas[wrapped.$ref.split('/').at(-1)];
      const item = list.properties?.items?.items ?? {};
      const answer = (schema: Json): Json => ({
        description: '',
        content: { 'application/json': { schema } },
      });
      paths['/files/initmultipartupload'].post.responses = { 201: answer(item) };
      paths['/files/multiuploadlink'].post.responses = { 200: answer(list) };
    },
  },
  {
    section: '22.2, 28',
    why: 'the value of a bad data point may be missing or a word',
    apply: ({ components: { schemas } }) => {
      const value = schemas.GetDoubleDatapoint?.properties?.value;
      if (value !== undefined)
        schemas.GetDoubleDatapoint.properties.value = { ...value, type: ['number', 'string'] };
    },
  },
  {
    section: '2',
    why: 'no request may have empty items',
    apply: ({ components: { schemas }, paths }) => {
      const schemaOf = (given: Json): Json =>
        given?.$ref === undefined ? given : schemas[given.$ref.split('/').at(-1)];
      const limit = (given: Json): void => {
        const schema = schemaOf(given);
        if (schema?.properties?.items !== undefined) schema.properties.items.minItems ??= 1;
        for (const part of schema?.allOf ?? []) limit(part);
      };
      for (const { post } of Object.values<Json>(paths))
        limit(post?.requestBody?.content?.['application/json']?.schema);
    },
  },
  {
    section: '4',
    why: 'metadata values that are numbers or booleans are accepted, and stored as strings [other official tools]',
    apply: ({ components: { schemas }, paths }) => {
      const loose = {
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      };
      const loosen = (given: Json): void => {
        const schema = given?.$ref === undefined ? given : schemas[given.$ref.split('/').at(-1)];
        if (schema?.properties?.metadata !== undefined) schema.properties.metadata = loose;
        loosenAll(schema?.allOf ?? []);
        loosenAll(schema?.anyOf ?? []);
        if (schema?.properties?.items !== undefined) loosen(schema.properties.items.items);
      };
      const loosenAll = (parts: Json[]): void => {
        for (const part of parts) loosen(part);
      };
      for (const path of ['/assets', '/events', '/files', '/timeseries', '/datasets'])
        loosen(paths[path].post.requestBody.content['application/json'].schema);
    },
  },
  {
    section: '6',
    why: 'the relation of a geoLocation filter is taken in any case [official clients send lower case]',
    apply: ({ components: { schemas } }) => {
      const { relation } = schemas.GeoLocationFilter.properties;
      relation.enum = [
        ...relation.enum,
        ...relation.enum.map((word: string) => word.toLowerCase()),
      ];
    },
  },
  {
    section: '9',
    why: 'files/search has a limit, which official clients send',
    apply: ({ components: { schemas } }) => {
      schemas.FilesSearchFilter.allOf.push({
        type: 'object',
        properties: { limit: { type: 'integer', minimum: 1, maximum: 1000 } },
      });
    },
  },
  {
    section: '24',
    why: 'data of subscriptions has all lists that official clients read, empty or not',
    apply: ({ components: { schemas } }) => {
      schemas.SubscriptionsListDataResponse.required = [
        'updates',
        'subscriptionChanges',
        'partitions',
        'hasNext',
      ];
      schemas.SubscriptionsListDataResponse.properties.subscriptionChanges.required = [
        'added',
        'removed',
      ];
      schemas.SubscriptionsDataUpdateResponseDTO.required = ['timeSeries', 'upserts', 'deletes'];
    },
  },
  {
    section: '2',
    why: 'the errors of units have the envelope, with `missing`, as official clients read them',
    apply: ({ components: { schemas } }) => {
      const { code, message } = schemas.APIError.properties;
      const missing = { type: 'array', items: { type: 'object', required: ['externalId'] } };
      const error = {
        type: 'object',
        required: ['code', 'message'],
        properties: { code, message, missing },
      };
      schemas.APIError = { type: 'object', required: ['error'], properties: { error } };
    },
  },
  {
    section: '28',
    why: 'a PostDatapoint timestamp has no type, and its two branches overlap',
    apply: ({ components: { schemas } }) => {
      for (const branch of schemas.PostDatapoint.anyOf)
        branch.properties.timestamp.type = 'integer';
    },
  },
];

/** The document as the service behaves. */
export function amend(document: Json): Json {
  relax(document.components);
  relax(document.paths);
  for (const { apply } of AMENDMENTS) apply(document);
  return document;
}

/**
 * Section 28: branches of `oneOf` overlap without a discriminator, so an answer may fit several;
 * lists of aggregates and of members say `minItems: 1` but may be empty.
 */
function relax(node: Json): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node.oneOf)) {
    node.anyOf = node.oneOf;
    delete node.oneOf;
  }
  for (const [name, child] of Object.entries<Json>(node)) {
    if (/Aggregate(Result|Response)/.test(name)) withoutMinimum(child);
    relax(child);
  }
}

function withoutMinimum(node: Json): void {
  if (typeof node !== 'object' || node === null) return;
  delete node.minItems;
  for (const child of Object.values<Json>(node)) withoutMinimum(child);
}

/** A variation that is not tried, or is expected to end otherwise than the document says. */
export interface Exemption {
  readonly operation: RegExp;
  readonly variation: RegExp;
  /** Only variations that the document would have accepted (or refused). */
  readonly expected?: 'accepted' | 'refused';
  readonly why: string;
}

export const EXEMPTIONS: readonly Exemption[] = [
  {
    operation: /./,
    variation:
      /\b(id|assetIds\[0\]|dataSetId|parentId|assetId|unitExternalId|property\[0\]|timeSeriesIds\[0\]): (at the limit|\d+ characters)$/,
    expected: 'accepted',
    why: 'section 4: what is referred to must exist, whatever its length',
  },
  {
    operation:
      /\/(byids|update|delete|uploadlink|multiuploadlink|downloadlink|completemultipartupload|latest|data|data\/list)$/,
    variation: /(^|items\[0\]\.)externalId: \d+ characters$/,
    expected: 'accepted',
    why: 'section 4: what is referred to must exist, whatever its length',
  },
  {
    operation: /./,
    variation: /labels.*externalId: \d+ characters$/,
    expected: 'accepted',
    why: 'section 18: a label must be defined',
  },
  {
    operation: /\/(data\/list|latest|query)$/,
    variation: /\b(start|end|before): a (number|text)$/,
    why: 'section 22.3: a time may be a number or a text; datapoints.test.ts tries wrong ones',
  },
  {
    operation: /^GET /,
    variation: /^limit: above the limit$/,
    why: 'section 5: the text says that GET caps the limit, the schema that it refuses it',
  },
  {
    operation: /^POST|icon/,
    variation: /^an unknown parameter$/,
    why: 'section 1: refusing is known of members of bodies, not of parameters',
  },
  {
    operation: /./,
    variation:
      /^filter\.((assetIds|parentIds|rootAssetIds)\[0\]|(assetSubtreeIds|dataSetIds|rootIds)\[0\]\.id): below the limit$/,
    expected: 'refused',
    why: 'section 6: an id of 0 is accepted in a filter and matches nothing [official clients send it]; contract-truth.test.ts tries it',
  },
  {
    operation: /timeseries\/data$/,
    variation: /value: a number$/,
    why: 'section 22.1: the value of a bad point may be a number or a word',
  },
  {
    operation: /timeseries\/data$/,
    variation: /value null$/,
    why: 'section 22.1: a good point needs its value',
  },
];
