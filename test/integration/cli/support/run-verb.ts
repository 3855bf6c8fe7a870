/** A verb in this process, as cli/main.ts runs it, for tests of which there are many. */
import { Readable } from 'node:stream'
import type { Terminal } from '../../../../cli/terminal.ts'
import { verbs } from '../../../../cli/verbs.ts'
import { systemClock } from '../../../../core/clock.ts'
import { AppError } from '../../../../core/errors.ts'
import { createLogger } from '../../../../core/log.ts'
import type { Ended } from './command-line.ts'

export interface Surroundings {
  /** What comes through the pipe. */
  readonly input?: string | Buffer
  /** What somebody at the keyboard answers, one after the other; without it there is a pipe. */
  readonly answers?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** The working directory. */
  readonly directory?: string
  /** Columns of the terminal that standard output is. */
  readonly columns?: number
}

/** Standard output as byte string. */
export async function runVerb(
  [name = '', ...words]: readonly string[],
  given: Surroundings = {},
): Promise<Ended> {
  const { input = '', answers, environment = {}, directory = process.cwd(), columns } = given
  const texts = { stdout: '', stderr: '' }
  const writeError = (text: string) => {
    texts.stderr += text
  }
  const left = [...(answers ?? [])]
  const terminal: Terminal = {
    variables: environment,
    clock: systemClock,
    input: Readable.from([input.toString()]),
    inputBytes: Readable.from([Buffer.from(input)]),
    inputIsTerminal: answers !== undefined,
    ask: async ({ text }) => {
      writeError(text)
      return left.shift()
    },
    write: (text) => {
      texts.stdout += Buffer.from(text).toString('latin1')
    },
    writeError,
    columns,
    colours: false,
    directory,
    logger: createLogger({ level: 'trace', format: 'standard', write: writeError, now: Date.now }),
    stop: new AbortController().signal,
  }
  const verb = await verbs.get(name)?.load()
  if (verb === undefined) throw new Error(`there is no verb ${name}`)
  try {
    return { status: await verb.run(words, terminal), ...texts }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    writeError(`claviger: ${thrown.message}\n`)
    return { status: thrown.exitCode, ...texts }
  }
}
