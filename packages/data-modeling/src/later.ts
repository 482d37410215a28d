// What is loaded with the first thing but a plain list. One part: each of its own would be a
// script, and what it shares with others would be one more, in the first load of a page.

export { readChanges } from './nodes/changes.js';
export { InstanceOperations } from './nodes/operations.js';
export { validate } from './view/validate.js';
export { differencesOf } from './wire/typing-differences.js';
