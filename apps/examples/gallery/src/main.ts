import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { plot } from '@cdf/plot';
import { saveChart } from '@cdf/plot/node';
import { markPictures } from './mark-pictures.js';
import { pictures } from './pictures.js';

const folder = fileURLToPath(new URL('../output/', import.meta.url));
const fonts = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  createRequire(import.meta.url).resolve(`@expo-google-fonts/inter/${file}`),
);

// Every picture as SVG, PNG and interactive HTML, and a page that shows them all.
await mkdir(folder, { recursive: true });
const names: string[] = [];
for (const { name, data, options } of [...pictures(), ...markPictures()]) {
  const chart = plot(data(), options, { save: saveChart });
  for (const extension of ['svg', 'png', 'html'])
    await chart.save(`${folder}${name}.${extension}`, { fonts, missingGlyphs: 'boxes' });
  console.log(`${name.padEnd(20)} ${chart}`);
  names.push(name);
}
const figures = names.map(
  (name) => `<figure><a href="${name}.html"><img src="${name}.svg" alt="${name}"></a></figure>`,
);
await writeFile(
  `${folder}index.html`,
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1>${figures.join('\n')}</html>\n`,
);
console.log(`${names.length} pictures in ${folder}`);
