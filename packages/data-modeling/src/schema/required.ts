/** The reason of a change that data may stand against. */
export const BECOMES_REQUIRED = 'it becomes required';
