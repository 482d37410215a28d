import { library } from '@tooling/build';

export default library(import.meta.url, { entries: ['src/bin.ts'] });
