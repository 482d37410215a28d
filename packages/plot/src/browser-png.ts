import { ConfigError } from '@cdf/core';
import type { PngOptions } from './browser-png-options.js';
import { checkedOptions, PNG_OPTIONS } from './check-options.js';
import { renderSvg } from './svg.js';
import type { SvgChart } from './svg-chart.js';

/** `chart.toPng()`: a PNG drawn by the browser, in the light theme unless the chart says dark. */
export const pngChart =
  (chart: SvgChart) =>
  async (options: PngOptions = {}): Promise<Uint8Array> => {
    const { scale = 2 } = checkedOptions(options, PNG_OPTIONS, 'toPng');
    const svg = renderSvg(
      chart.model,
      chart.model.options.theme === 'dark' ? 'dark' : 'light',
      scale,
    );
    const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      if (blob === null)
        throw new ConfigError(`toPng: a picture at scale ${scale} is too large for this browser`);
      return new Uint8Array(await blob.arrayBuffer());
    } finally {
      URL.revokeObjectURL(url);
    }
  };
