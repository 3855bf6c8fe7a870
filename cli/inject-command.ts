/** `claviger inject`: manifests with their pods as the webhook would change them. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { AppError } from '../core/errors.ts'
import type { FlagTable } from '../core/go-flags.ts'
import { type InjectedSource, injectManifests, joinOutputs } from './inject.ts'
import {
  formatManifestFlags,
  type ManifestCommand,
  manifestFlags,
  parseManifestCommand,
  readManifests,
} from './manifest-options.ts'
import { formatFinding } from './manifests/finding.ts'
import { createRun, type Terminal, type Verb } from './terminal.ts'
import { podFlags } from './webhook-flags.ts'

const ownFlags = {
  diff: { kind: 'boolean', help: 'print a unified diff of what changes instead of the manifests' },
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger inject [flags] [PATH ...] > injected.yaml

Prints the manifests with an agent in every annotated pod, by the same function as the webhook. No cluster is needed and no
secret is read. What is not injected comes back byte for byte; what is keeps its comments. A Namespace among the manifests
gives its pods its labels and annotations. Problems and warnings go to standard error; with a problem the exit code is 65 and
nothing is printed.

Examples:
  claviger inject -f deployment.yaml
  claviger inject -f deployment.yaml --diff
  helm template shop ./charts/shop | claviger inject | kubectl apply -f -
  kubectl kustomize overlays/prod | claviger inject --profile=claviger --vault-address=https://vault.example.com:8200
  claviger inject -f k8s/ --kind=workloads.example.com/Worker=spec.podTemplate

${formatManifestFlags(ownFlags)}`

const runInject = async (
  { flags, paths, options }: ManifestCommand<typeof ownFlags>,
  terminal: Terminal,
): Promise<number> => {
  const sources = await readManifests(paths, terminal)
  const { outputs, findings } = injectManifests(sources, options)
  for (const finding of findings) terminal.writeError(`${formatFinding(finding)}\n`)
  if (findings.some(({ severity }) => severity === 'error')) {
    return new AppError('input_invalid').exitCode
  }
  if (flags.diff === true) terminal.write(outputs.map(formatDiff(terminal.colours)).join(''))
  else terminal.write(joinOutputs(outputs))
  return 0
}

export const injectVerb: Verb = {
  run: createRun({
    help,
    parse: (words, terminal) => parseManifestCommand(ownFlags, words, terminal),
    run: runInject,
  }),
  flags: { ...manifestFlags, ...ownFlags, ...podFlags },
  takesFiles: true,
}

/** Empty when nothing changes. */
const formatDiff =
  (colours: boolean) =>
  ({ source: { path, text }, output }: InjectedSource): string => {
    if (output === text) return ''
    const options = { context: 3, headerOptions: FILE_HEADERS_ONLY }
    const diff = createTwoFilesPatch(path, path, text, output, 'given', 'injected', options)
    return colours ? diff.replace(/^.+$/gm, colourLine) : diff
  }

/** As git colours them. */
function colourLine(line: string): string {
  if (line.startsWith('@@')) return `\u001b[36m${line}\u001b[m`
  if (/^(?:---|\+\+\+) /.test(line)) return `\u001b[1m${line}\u001b[m`
  if (line.startsWith('+')) return `\u001b[32m${line}\u001b[m`
  return line.startsWith('-') ? `\u001b[31m${line}\u001b[m` : line
}
