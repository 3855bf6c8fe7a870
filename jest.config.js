const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
})

/** Tests run as ES modules through Node's own type stripping: nothing is transformed. */
export default {
  projects: ['unit', 'golden', 'property', 'conformance', 'integration', 'e2e'].map(project),
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.js'],
}
