import process from 'node:process';

// The command of `@cdf/data-modeling`. Modules that are pulled import from this package, which the
// project has. Where npm links the command of the other package, that one looks at the manifest.
const [command, ...rest] = process.argv.slice(2);
if (command === 'pull' && !rest.some((each) => /^--import(=|$)/.test(each)))
  process.argv.push('--import', '@cdf/sdk/data-modeling');
const manifest = import.meta.resolve('@cdf/data-modeling/package.json');
await import(new URL('./bin/cdf-models.js', manifest).href);
