/** Ends a run with `N passed, N failed, N skipped`; a suite that could not even start counts as failed. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`
    process.once('exit', () => process.stdout.write(`${line}\n`))
  }
}
