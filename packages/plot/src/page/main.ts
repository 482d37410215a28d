import { mountModel } from '../interactive/mount.js';
import { attachRangeSelector, SELECTOR_HEIGHT } from '../interactive/range-selector.js';
import { decodeModel } from './page-data.js';

// The script of an interactive page: what `toHtml()` puts beside the picture and its data.
const host = document.getElementById('chart') as HTMLElement;
const data = document.getElementById('data') as HTMLElement;
const model = decodeModel(data.textContent ?? '');
host.replaceChildren();
// A page that is all chart gives it its whole height, unless the chart has one.
mountModel(host, model, () =>
  model.options.height === undefined ? innerHeight - 24 - SELECTOR_HEIGHT : undefined,
).attach(attachRangeSelector);
