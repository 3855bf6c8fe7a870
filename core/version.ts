/** The version stamp of this build. */

/** `package.json`'s version in a bundle, `development` when the sources run unbundled. */
export const version: string =
  typeof CLAVIGER_VERSION === 'string' ? CLAVIGER_VERSION : 'development'
