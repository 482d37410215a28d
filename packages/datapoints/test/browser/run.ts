export { runSuite } from './vitest-in-page.js';
