import process from 'node:process';
import { library } from './library.js';

// One configuration for all packages: their manifests say what differs.
export default library(process.cwd());
