/** Replaced by the bundler with the version in package.json; absent when the sources run directly. */
declare const CLAVIGER_VERSION: string
