/** Fails when a file imports against the layers or a pure zone reaches outside. */
import { globSync, readFileSync } from 'node:fs'
import { findProblems } from './import-rules.ts'

const paths = globSync('{core,webhook,agent,cli,scripts}/**/*.ts')
const files = paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const problems = findProblems(files)
for (const { file, text } of problems) process.stderr.write(`${file}: ${text}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
