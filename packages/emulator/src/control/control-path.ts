/** The path under which the emulator itself is controlled. */
export const CONTROL_PATH = '/_emulator';
