// The methods of instances, changes, the check of a value and the error of a view that differs, in
// one part: each of its own would be a script, and what it shares with others would be one more, in
// the first load of a page. Parts that a list may need without these are on their own: conditions
// and orders, `find`, exact JSON and the limits of a project.

export { readChanges } from './nodes/changes.js';
export { InstanceOperations } from './nodes/operations.js';
export { validate } from './view/validate.js';
export { differencesOf } from './wire/typing-differences.js';
