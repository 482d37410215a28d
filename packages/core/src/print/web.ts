export { printed, printedItem } from './printed.js';
