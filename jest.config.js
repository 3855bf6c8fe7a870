const project = (name, folder = `test/${name}`) => ({
  displayName: name,
  testMatch: [`<rootDir>/${folder}/**/*.test.ts`],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/test/e2e/.cache', '<rootDir>/test/e2e/.logs'],
})

/** Tests run as ES modules through Node's own type stripping: nothing is transformed. */
export default {
  projects: [
    ...['unit', 'golden', 'property', 'conformance', 'integration'].map((name) => project(name)),
    {
      ...project('e2e'),
      testPathIgnorePatterns: ['<rootDir>/test/e2e/apart/', '<rootDir>/test/e2e/beside/'],
    },
    // What needs programs that npm does not bring, but no cluster.
    project('apart', 'test/e2e/apart'),
    // What needs servers or images of the cluster, and shares nothing with pods and webhook: it runs beside the tests of these.
    project('beside', 'test/e2e/beside'),
  ],
  // By itself jest leaves one core free, which is half of two; nothing here depends on how fast a test is.
  maxWorkers: '100%',
  // Ends a test that hangs; nothing is measured by it.
  testTimeout: 600_000,
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.js'],
}
