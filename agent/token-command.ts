/** `token revoke -self`: what a stock injector's `preStop` hook asks of the agent's image. Source: vault-k8s, container_sidecar.go. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toAppError } from '../core/errors.ts'
import { parseMixedFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import { Secret } from '../core/secret.ts'
import { connectStore, type Environment } from './agent-program.ts'
import { Fields } from './config/fields.ts'
import { Settings } from './config/settings.ts'
import { readVault } from './config/vault-fields.ts'
import { agentFlags } from './flags.ts'

const tokenFlags = { ...agentFlags, self: { kind: 'boolean', help: 'the token itself' } } as const

const usage = `Usage: claviger-agent token revoke -self [flags]

Revokes the token of the file .vault-token in the home directory, and with it everything that was made with it. The flags are those of
claviger-agent agent that say where the store is.
`

export interface TokenPorts {
  readonly environment: Environment
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

/** `words` follow `token`. Resolves with the exit code. */
export async function runToken(words: readonly string[], ports: TokenPorts): Promise<number> {
  const parsed = parseMixedFlags(tokenFlags, words, {})
  if (parsed.kind === 'issues') return refuse(parsed.issues, ports)
  const { flags, rest } = parsed.value
  if (flags.help === true) {
    ports.write(usage)
    return 0
  }
  if (rest.join(' ') !== 'revoke' || flags.self !== true) {
    return refuse(
      [{ code: 'usage', path: 'token', expected: 'revoke -self', hint: '--help' }],
      ports,
    )
  }
  const issues: Issue[] = []
  const settings = new Settings(flags, ports.environment)
  const vault = readVault(new Fields(new Map(), '', issues), settings, undefined)
  if (issues.length > 0) return refuse(issues, ports)
  try {
    const token = readToken(join(ports.environment['HOME'] ?? '/', '.vault-token'))
    await connectStore(vault).write('auth/token/revoke-self', new Map(), { token })
    ports.write('Success! Revoked token (if it existed)\n')
    return 0
  } catch (thrown) {
    const error = toAppError(thrown, 'store_answer_invalid')
    ports.writeError(`${error.message}\n`)
    return 2
  }
}

function readToken(path: string): Secret {
  try {
    return new Secret(readFileSync(path, 'utf8').trim())
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

function refuse(issues: readonly Issue[], { writeError }: TokenPorts): number {
  for (const issue of issues) writeError(`${formatIssue(issue)}\n`)
  return 1
}
