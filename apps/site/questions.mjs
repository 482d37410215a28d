/**
 * Questions that the search must answer among its first three hits, and where the answers are: the
 * beginnings of addresses.
 */
export const questions = {
  'how do I page': ['/guides/lists-and-paging'],
  'upload a folder': ['/guides/folders'],
  OpenTelemetry: ['/guides/logging-and-tracing'],
  'rate limits': ['/guides/rate-limits'],
  'mock in tests': ['/guides/testing'],
  events: ['/guides/events'],
  proxy: ['/guides/proxies'],
  'migrate from Python': ['/guides/from-python'],
  'wrong time zone': ['/guides/time-zones'],
  retry: ['/guides/errors-and-retries'],
  // Thought up after the site was built.
  timeout: ['/guides/errors-and-retries', '/reference/core/classes/TimeoutError'],
  'download a file': ['/guides/files.html#download'],
  'device code login': ['/guides/authentication'],
  'average per day': [
    '/guides/time-zones.html#aggregate-local-days',
    '/guides/data-points.html#aggregates',
  ],
  'export to csv': ['/guides/data-points', '/reference/datapoints/interfaces/CsvOptions'],
  'use it in React': ['/guides/browser-apps'],
  'insert data points': ['/guides/data-points'],
  'cancel a request': ['/guides/errors-and-retries.html#cancel'],
  'subscribe to changes': ['/guides/data-points.html#subscribe'],
  'endpoint that the SDK does not have': ['/guides/other-operations'],
};
