export { printed } from './printed.js';
