/** The command line as a process, beside servers of the test's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const main = resolve('dist/claviger.cjs')

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** With no environment but `environment`; `input` is what comes through the pipe. */
export async function runCommandLine(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...words], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A program that reads none of it may have ended.
  child.stdin.on('error', () => undefined).end(input)
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  const [status] = await once(child, 'close')
  return { status, ...texts }
}
