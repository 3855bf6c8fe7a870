const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/test/e2e/.cache', '<rootDir>/test/e2e/.logs'],
})

/** Tests run as ES modules through Node's own type stripping: nothing is transformed. */
export default {
  projects: ['unit', 'golden', 'property', 'conformance', 'integration', 'e2e'].map(project),
  // Ends a test that hangs; nothing is measured by it.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.js'],
}
