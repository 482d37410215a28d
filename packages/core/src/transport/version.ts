/** The package's version, as the server sees it. A test keeps it equal to package.json. */
export const VERSION = '0.1.0';
