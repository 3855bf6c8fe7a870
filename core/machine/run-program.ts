/** The program that a template runs with `plugin`. Source: consul-template's plugin. */
import { spawn } from 'node:child_process'
import type { LocalAnswer } from '../template/local-request.ts'
import { systemCode } from './confined-path.ts'

const longestRunMs = 30_000
const mostBytes = 16 * 1024 * 1024

export interface Program {
  /** Byte strings, as templates give them. */
  readonly name: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Its standard output; neither that nor its standard error is ever part of a failure. */
export async function runProgram({ name, words, environment }: Program): Promise<LocalAnswer> {
  return new Promise((resolve) => {
    const fail = (reason: string) => resolve({ kind: 'failed', reason })
    const child = spawn(toText(name), words.map(toText), {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // Not spawn's own timeout, which outlives a program that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), longestRunMs)
    const chunks: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostBytes) chunks.push(chunk)
      else child.kill('SIGKILL')
    })
    child.on('error', (thrown) => {
      clearTimeout(timer)
      fail(startFailure(thrown))
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (size > mostBytes) fail(`printed more than ${mostBytes} bytes`)
      else if (signal !== null) fail(child.killed ? 'did not finish in 30s' : `signal: ${signal}`)
      else if (code !== 0) fail(`exit status ${code}`)
      else resolve({ kind: 'text', text: Buffer.concat(chunks).toString('latin1') })
    })
  })
}

function startFailure(thrown: Error): string {
  const code = systemCode(thrown)
  if (code === 'ENOENT') return 'executable file not found in $PATH'
  return code === 'EACCES' ? 'permission denied' : 'could not be started'
}

function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
