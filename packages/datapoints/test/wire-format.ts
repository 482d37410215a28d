import protobuf from 'protobufjs';

/** CDF's messages, written down for a library that knows nothing of the code under test. */
const SCHEMA = `
syntax = "proto3";
message Status { int64 code = 1; string symbol = 2; }
message NumericDatapoint { int64 timestamp = 1; double value = 2; Status status = 3; bool nullValue = 4; }
message NumericDatapoints { repeated NumericDatapoint datapoints = 1; }
message StringDatapoint { int64 timestamp = 1; string value = 2; Status status = 3; bool nullValue = 4; }
message StringDatapoints { repeated StringDatapoint datapoints = 1; }
message AggregateDatapoint {
  int64 timestamp = 1; double average = 2; double max = 3; double min = 4; double count = 5; double sum = 6;
  double interpolation = 7; double stepInterpolation = 8; double continuousVariance = 9; double discreteVariance = 10;
  double totalVariation = 11; double countGood = 12; double countUncertain = 13; double countBad = 14;
  double durationGood = 15; double durationUncertain = 16; double durationBad = 17;
  NumericDatapoint maxDatapoint = 18; NumericDatapoint minDatapoint = 19;
}
message AggregateDatapoints { repeated AggregateDatapoint datapoints = 1; }
message InstanceId { string space = 1; string externalId = 2; }
message DataPointListItem {
  int64 id = 1; string externalId = 2; InstanceId instanceId = 11; bool isString = 6; bool isStep = 7; string unit = 8;
  string nextCursor = 9; string unitExternalId = 10; int32 type = 12;
  oneof datapointType {
    NumericDatapoints numericDatapoints = 3; StringDatapoints stringDatapoints = 4; AggregateDatapoints aggregateDatapoints = 5;
  }
}
message DataPointListResponse { repeated DataPointListItem items = 1; }
message DataPointInsertionItem {
  oneof timeSeriesReference { int64 id = 1; string externalId = 2; InstanceId instanceId = 5; }
  oneof datapointType { NumericDatapoints numericDatapoints = 3; StringDatapoints stringDatapoints = 4; }
}
message DataPointInsertionRequest { repeated DataPointInsertionItem items = 1; }
`;

const root = protobuf.parse(SCHEMA, { keepCase: true }).root;
const listResponse = root.lookupType('DataPointListResponse');
const insertionRequest = root.lookupType('DataPointInsertionRequest');

export function encodeListResponse(items: readonly object[]): Uint8Array {
  return new Uint8Array(listResponse.encode(listResponse.fromObject({ items })).finish());
}

export interface InsertedItem {
  readonly id?: number;
  readonly externalId?: string;
  readonly instanceId?: { space: string; externalId: string };
  readonly numericDatapoints?: { datapoints: InsertedPoint[] };
  readonly stringDatapoints?: { datapoints: InsertedPoint[] };
}

export interface InsertedPoint {
  readonly timestamp: number;
  readonly value: number | string;
  readonly status?: { code?: number; symbol?: string };
  readonly nullValue?: boolean;
}

export function decodeInsertion(bytes: Uint8Array): InsertedItem[] {
  const message = insertionRequest.decode(bytes);
  const { items } = insertionRequest.toObject(message, { longs: Number }) as {
    items?: InsertedItem[];
  };
  return items ?? [];
}
