/** Questions that the search must answer, and the sections that answer them, by the beginning of their address. */
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
};
