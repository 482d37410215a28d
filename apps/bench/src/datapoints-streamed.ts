import type { SeriesPlan } from './datapoints-data.js';
import { inParallel, perfectPages, READ } from './datapoints-floor.js';

/** The size of a raw point with a time of six bytes. */
const POINT = 18;

/**
 * The floor for one raw series that decodes bytes as they arrive, rather than whole bodies: what
 * reading in a stream can save and costs. It knows that every page ends with points of the same
 * length, so it has less to do than any real reader, whose fields may be cut anywhere.
 */
export async function floorReadStreamed(root: string, plan: SeriesPlan): Promise<Float64Array[]> {
  const [times, values] = [new Float64Array(plan.points), new Float64Array(plan.points)];
  const pages = perfectPages(plan);
  const perPage = Math.ceil(plan.points / pages.length);
  const read = (view: DataView, at: number, index: number): void => {
    let time = 0;
    for (let byte = 5; byte >= 0; byte--) time = time * 128 + (view.getUint8(at + 3 + byte) & 0x7f);
    times[index] = time;
    values[index] = view.getFloat64(at + 10, true);
  };
  await inParallel(pages, READ, async (items, page) => {
    const response = await fetch(`${root}/timeseries/data/list`, {
      method: 'POST',
      body: JSON.stringify({ items }),
      headers: { 'content-type': 'application/json', accept: 'application/protobuf' },
    });
    let index = page * perPage;
    let toSkip =
      Number(response.headers.get('content-length')) -
      Math.min(perPage, plan.points - index) * POINT;
    const cut = new Uint8Array(POINT);
    const cutView = new DataView(cut.buffer);
    let held = 0;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const { value } = piece;
      let at = Math.min(toSkip, value.length);
      toSkip -= at;
      if (held > 0) {
        const rest = value.subarray(at, at + POINT - held);
        cut.set(rest, held);
        held += rest.length;
        at += rest.length;
        if (held < POINT) continue;
        read(cutView, 0, index++);
        held = 0;
      }
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
      for (; at + POINT <= value.length; at += POINT) read(view, at, index++);
      held = value.length - at;
      cut.set(value.subarray(at));
    }
  });
  return [times, values];
}
