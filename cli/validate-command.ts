/** `claviger validate`: the problems of manifests, for people, editors and CI. */
import type { FlagTable } from '../core/go-flags.ts'
import { describeChoice } from './choice.ts'
import {
  formatManifestFlags,
  type ManifestCommand,
  manifestFlags,
  parseManifestCommand,
  readManifests,
} from './manifest-options.ts'
import { formatJson } from './report/json.ts'
import { countFindings, type Report } from './report/report.ts'
import { formatSarif } from './report/sarif.ts'
import { formatText } from './report/text.ts'
import { createRun, refuseUsage, type Terminal, type Verb } from './terminal.ts'
import { validateManifests } from './validate.ts'
import { podFlags } from './webhook-flags.ts'

const formats: ReadonlyMap<string, (report: Report) => string> = new Map([
  ['text', formatText],
  ['json', formatJson],
  ['sarif', formatSarif],
])

const ownFlags = {
  output: {
    kind: 'text',
    argument: [...formats.keys()].join('|'),
    help: 'form of the report; default text',
  },
  strict: { kind: 'boolean', help: 'fail on warnings too' },
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger validate [flags] [PATH ...]

Reports everything that the webhook would refuse or warn of, templates that do not parse, and annotations at the wrong place,
each with file, line, object and annotation. Values of annotations are not repeated where they may be secret. Exit code 0 without
problems, 1 with problems (with --strict also with warnings), 64 for a wrong command line, 65 for a file that cannot be read.

Examples:
  claviger validate k8s/ charts/rendered.yaml
  helm template shop ./charts/shop | claviger validate --strict
  kubectl kustomize overlays/prod | claviger validate --vault-address=https://vault.example.com:8200
  claviger validate k8s/ --output=sarif > claviger.sarif

${formatManifestFlags(ownFlags)}`

const runValidate = async (
  { flags, paths, options }: ManifestCommand<typeof ownFlags>,
  terminal: Terminal,
): Promise<number> => {
  const output = flags.output ?? 'text'
  const format = formats.get(output)
  if (format === undefined) {
    return refuseUsage([describeChoice('-output', output, [...formats.keys()])], terminal)
  }
  const sources = await readManifests(paths, terminal)
  const findings = validateManifests(sources, options)
  terminal.write(format({ findings, files: sources.length, directory: terminal.directory }))
  const { errors, warnings } = countFindings(findings)
  return errors > 0 || (flags.strict === true && warnings > 0) ? 1 : 0
}

export const validateVerb: Verb = {
  run: createRun({
    help,
    parse: (words, terminal) => parseManifestCommand(ownFlags, words, terminal),
    run: runValidate,
  }),
  flags: { ...manifestFlags, ...ownFlags, ...podFlags },
  takesFiles: true,
}
