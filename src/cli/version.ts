/** The same as in package.json, which a test holds; not read from there, so that `version` opens no file. */
export const version = '0.1.0'
