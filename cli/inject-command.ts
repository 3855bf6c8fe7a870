/** `claviger inject -f FILE`: manifests with their pods as the webhook would change them. */
import { readFileSync } from 'node:fs'
import { AppError, toAppError } from '../core/errors.ts'
import { formatFlags, parseFlags } from '../core/go-flags.ts'
import { formatIssue } from '../core/issue.ts'
import { version } from '../core/version.ts'
import { createDefaults } from '../webhook/inject/profiles.ts'
import { injectManifests } from './inject.ts'
import { type RunVerb, refuseUsage, type Terminal } from './terminal.ts'

const flagTable = {
  f: { kind: 'text', argument: 'FILE', help: 'YAML or JSON manifests; - reads standard input' },
  'vault-address': {
    kind: 'text',
    argument: 'URL',
    variable: 'VAULT_ADDR',
    help: 'address of the store that is written into the pods; default https://vault.vault.svc:8200',
  },
  'agent-image': {
    kind: 'text',
    argument: 'IMAGE',
    variable: 'AGENT_INJECT_AGENT_IMAGE',
    help: `image of the agent; default claviger/agent:${version}`,
  },
  help: { kind: 'boolean', help: 'print this help' },
} as const

const help = `Usage: claviger inject -f FILE > injected.yaml

Prints the manifests with an agent in every annotated pod, by the same function as the webhook. No cluster is needed and no
secret is read. Problems and warnings go to standard error; with a problem the exit code is 65 and nothing is printed.

Flags:
${formatFlags(flagTable)}
`

export const runInject: RunVerb = async (words, terminal) => {
  const parsed = parseFlags(flagTable, words, terminal.variables)
  if (parsed.kind === 'issues') return refuseUsage(parsed.issues, terminal)
  const { flags, rest } = parsed.value
  if (flags.help === true) {
    terminal.write(help)
    return 0
  }
  if (flags.f === undefined || rest.length > 0) {
    const hint = 'claviger inject -f deployment.yaml'
    return refuseUsage(
      [{ code: 'usage', path: 'inject', expected: '-f FILE and nothing else', hint }],
      terminal,
    )
  }
  const defaults = createDefaults({
    address: flags['vault-address'] ?? 'https://vault.vault.svc:8200',
    image: flags['agent-image'] ?? `claviger/agent:${version}`,
  })
  const { output, problems, warnings } = injectManifests(
    await readManifests(flags.f, terminal),
    defaults,
  )
  for (const { document, message } of warnings)
    terminal.writeError(`${document}: warning: ${message}\n`)
  for (const { document, issues } of problems) {
    for (const issue of issues) terminal.writeError(`${document}: ${formatIssue(issue)}\n`)
  }
  if (problems.length > 0) return new AppError('input_invalid').exitCode
  terminal.write(output)
  return 0
}

async function readManifests(path: string, { input }: Terminal): Promise<string> {
  if (path === '-') return readAll(input)
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

async function readAll(input: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of input) text += chunk
  return text
}
