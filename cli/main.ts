/** The command line: finds the verb and gives it the process's ends. */
import { StringDecoder } from 'node:string_decoder'
import { systemClock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { createLogger } from '../core/log.ts'
import { findNearest } from '../core/nearest.ts'
import { version } from '../core/version.ts'
import { createAsk } from './prompt.ts'
import { readInput } from './standard-input.ts'
import { endWithOutput } from './standard-output.ts'
import { refuseUsage, type Terminal } from './terminal.ts'
import { openTraces } from './traces.ts'
import { formatUsage, type VerbRow, verbs } from './verbs.ts'

const stop = stopSignal()
const terminal: Terminal = {
  variables: process.env,
  clock: systemClock,
  input: decode(readInput(process.stdin, { stop, graceMs: 0 })),
  // Secrets are written from it: what is cut off must not take the place of one.
  inputBytes: readInput(process.stdin, { stop, graceMs: 100 }),
  inputIsTerminal: process.stdin.isTTY === true,
  ask: createAsk({ input: process.stdin, output: process.stderr, stop }),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  // Source: no-color.org.
  colours: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  directory: process.cwd(),
  logger: createLogger({
    level: 'info',
    format: 'standard',
    write: (line) => process.stderr.write(line),
    now: systemClock.now,
  }),
  stop,
}

async function main([name = '--help', ...words]: readonly string[]): Promise<number> {
  if (['--help', '-help', '-h', 'help'].includes(name)) return print(formatUsage())
  if (['--version', '-version', 'version'].includes(name)) return print(`${version}\n`)
  const verb = verbs.get(name)
  if (verb === undefined) {
    const expected = `one of ${[...verbs.keys()].join(', ')}`
    const meant = findNearest(name, verbs.keys())
    const hint = meant === undefined ? '--help describes them' : `did you mean ${meant}?`
    return refuseUsage([{ code: 'usage', path: 'verb', expected, hint }], terminal)
  }
  const traces = openTraces(terminal)
  const work = () => runVerb(verb, words, { ...terminal, tracer: traces?.tracer })
  return traces === undefined ? work() : traces.run(name, work)
}

async function runVerb(
  { load }: VerbRow,
  words: readonly string[],
  given: Terminal,
): Promise<number> {
  try {
    const { run } = await load()
    return await run(words, given)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    given.writeError(`claviger: ${thrown.message}\n`)
    return thrown.exitCode
  }
}

function print(text: string): number {
  terminal.write(text)
  return 0
}

async function* decode(input: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8')
  for await (const chunk of input) yield decoder.write(Buffer.from(chunk))
  yield decoder.end()
}

/** What an old Node lacks it says with the whole of a bundle. */
function describeOldNode(thrown: unknown): void {
  const { node } = process.versions
  if (Number.parseInt(node, 10) >= 24) throw thrown
  terminal.writeError(
    `claviger: this verb needs Node 24, and this is ${node}; npm ci brings one: PATH="$PWD/node_modules/.bin:$PATH"\n`,
  )
  process.exit(1)
}

function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}

endWithOutput({
  output: process.stdout,
  error: process.stderr,
  exit: (code) => process.exit(code),
})
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
  // An open standard input must not keep a finished verb alive.
  process.stdin.destroy()
}, describeOldNode)
