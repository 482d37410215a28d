/** The last words of the paths of reads, which CDF keeps to throughout. */
const READING_WORDS = /\/(list|byids|search|aggregate)$/;

/** The other POSTs that read. A star is one segment. */
const READS = [
  '/documents/content',
  '/files/downloadlink',
  '/models/containers/inspect',
  '/models/instances/inspect',
  '/models/instances/query',
  '/models/instances/sync',
  '/sequences/data/latest',
  '/streams/*/records/filter',
  '/streams/*/records/sync',
  '/timeseries/data/latest',
  '/timeseries/synthetic/query',
  '/transformations/filter',
].map((path) => new RegExp(`^${path.replace('*', '[^/]+')}$`));

/**
 * True if an operation only reads, so that it may be repeated. In CDF the verb does not tell: most
 * reads are POSTs.
 *
 * @param path below the project, without the query
 */
export function isKnownRead(method: string, path: string): boolean {
  return (
    method === 'GET' ||
    (method === 'POST' && (READING_WORDS.test(path) || READS.some((read) => read.test(path))))
  );
}
