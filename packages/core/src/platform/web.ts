export async function gzip(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}
