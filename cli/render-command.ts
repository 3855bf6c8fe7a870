/** `claviger render`: the files that pods would get, rendered here. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileIfChanged } from '../core/atomic-write.ts'
import { AppError, toAppError } from '../core/errors.ts'
import type { FlagTable } from '../core/go-flags.ts'
import type { Parsed } from '../core/issue.ts'
import { systemRandomness } from '../core/machine/system-randomness.ts'
import type { SecretFile } from '../webhook/inject/settings/secret-file.ts'
import {
  formatManifestFlags,
  type ManifestCommand,
  manifestFlags,
  parseManifestCommand,
  readManifests,
} from './manifest-options.ts'
import { formatFinding } from './manifests/finding.ts'
import { inspectManifests } from './manifests/inspect.ts'
import { readDataFile } from './render/data-file.ts'
import { withStores } from './render/data-stores.ts'
import { listFiles, type PodFiles, templateProblem } from './render/files.ts'
import { type RenderedFile, type RenderPorts, renderFile } from './render/render.ts'
import { liveFlags } from './stores/flags.ts'
import { type LiveStores, prepareLiveStores } from './stores/live-stores.ts'
import type { SecretReader } from './template.ts'
import { connectStore } from './template-command.ts'
import { createRun, refuseUsage, type Terminal, type Verb } from './terminal.ts'
import { podFlags } from './webhook-flags.ts'

const ownFlags = {
  data: {
    kind: 'text',
    argument: 'FILE',
    help: 'YAML or JSON that maps paths of secrets to their keys, in the place of a store',
  },
  vault: {
    kind: 'boolean',
    help: 'read the secrets: from VAULT_ADDR with VAULT_TOKEN, and from the stores that references name',
  },
  ...liveFlags,
  out: {
    kind: 'text',
    argument: 'DIR',
    help: 'write DIR/KIND-NAME/PATH for each file, mode 0600, instead of printing them',
  },
  root: {
    kind: 'text',
    argument: 'DIR',
    help: 'where the files of the agent’s containers lie here, for templates that annotations name by path',
  },
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger render [flags] (--data FILE | --vault) [PATH ...]

Renders every file that the pods in the manifests ask for, by the webhook's own reading of their annotations and the agent's own
engines and formats. No cluster is needed. The files hold secrets and go to standard output, or to --out; problems go to standard
error, with the line of the template and a caret under the column, and the exit code is 65.

Examples:
  claviger render -f pod.yaml --data secrets.yaml
  helm template shop ./charts/shop | claviger render --vault --out rendered

The data file, where MOUNT/data/PATH stands for KV version 2:
  secret/data/app/database: {username: app, password: example}
  database/creds/app: {username: v-app, password: example}

A secret of another store is STORE:PATH, a map where it holds JSON, else a text:
  aws:prod/db: {username: app, password: example}
  file:licence: example

${formatManifestFlags(ownFlags)}`

type Command = ManifestCommand<typeof ownFlags>

const runRender = async (
  { flags, paths, options }: Command,
  terminal: Terminal,
): Promise<number> => {
  const source = findSource(flags, terminal)
  if (source.kind === 'issues') return refuseUsage(source.issues, terminal)
  const { sources, findings } = inspectManifests(await readManifests(paths, terminal), options)
  const others = findings.filter(({ code }) => code !== templateProblem)
  for (const finding of others) terminal.writeError(`${formatFinding(finding)}\n`)
  let failures = others.filter(({ severity }) => severity === 'error').length
  const pods = listFiles(sources, options.defaults)
  for (const pod of pods) {
    failures += await renderPod(pod, { flags, open: source.value, terminal })
  }
  if (failures > 0) return new AppError('input_invalid').exitCode
  const count = pods.reduce((sum, { files }) => sum + files.length, 0)
  if (count === 0) terminal.writeError('claviger: no pod in the manifests asks for a file\n')
  return 0
}

interface Rendering {
  readonly flags: Command['flags']
  readonly open: (stores: PodFiles['stores']) => Source
  readonly terminal: Terminal
}

/** How many of its files failed. */
async function renderPod(
  { object, files, stores }: PodFiles,
  { flags, open, terminal }: Rendering,
): Promise<number> {
  const store = open(stores)
  const ports: RenderPorts = {
    store,
    stores: store.stores,
    readTemplate: (path) => readLocally(flags.root, path),
    now: terminal.clock.now,
    random: systemRandomness,
  }
  let failures = 0
  try {
    for (const file of files) {
      const rendered = await renderFile(file, ports)
      report(rendered, { object, file, out: flags.out }, terminal)
      if (rendered.kind === 'failed') failures++
    }
    return failures
  } finally {
    await store.close?.()
  }
}

/** With the stores that references may name. */
interface Source extends SecretReader {
  readonly stores?: RenderPorts['stores']
  readonly close?: LiveStores['close']
}

function findSource(flags: Command['flags'], terminal: Terminal): Parsed<Rendering['open']> {
  const { data, vault } = flags
  if ((data === undefined) === (vault !== true)) {
    throw new AppError('usage', { expected: 'either --data FILE or --vault' })
  }
  if (data !== undefined) {
    const file = readDataFile(readText(data).toString('utf8'), data)
    // A store that the pod knows is one, whether the file has secrets of it or not.
    const open = (own: PodFiles['stores']): Source =>
      own === undefined
        ? file
        : {
            read: file.read,
            stores: withStores(
              file.stores,
              own.map(({ name }) => name),
            ),
          }
    return { kind: 'ok', value: open }
  }
  const own = connectStore(terminal)
  const live = prepareLiveStores(flags, own, terminal)
  if (live.kind === 'issues') return live
  return { kind: 'ok', value: (stores) => (stores === undefined ? own : live.value(stores)) }
}

function readText(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

function readLocally(root: string | undefined, path: string): Buffer {
  if (root !== undefined) return readText(join(root, path))
  const hint = '--root says where the files of the agent’s containers lie here'
  throw new AppError('input_invalid', { path, reason: 'the template lies in the pod', hint })
}

interface Target {
  readonly object: string
  readonly file: SecretFile
  readonly out: string | undefined
}

function report(rendered: RenderedFile, target: Target, terminal: Terminal): void {
  const { object, file } = target
  const place = `${object}: ${file.destination}: `
  if (rendered.kind === 'failed') {
    terminal.writeError(`error: ${place}${rendered.problem}`)
  } else if (rendered.kind === 'absent') {
    terminal.writeError(`${place}not written: optional, and ${rendered.path} does not exist\n`)
  } else {
    for (const warning of rendered.warnings) terminal.writeError(`warning: ${place}${warning}`)
    print(rendered.output, target, terminal)
  }
}

function print(output: Uint8Array, { object, file, out }: Target, { write }: Terminal): void {
  if (out === undefined) {
    const text = Buffer.from(output).toString('utf8')
    const end = text.endsWith('\n') ? '' : '\n'
    write(`==> ${file.destination} (${object}) <==\n${text}${end}`)
    return
  }
  const path = join(out, object.replace(/[^\w.-]+/g, '-'), file.destination)
  writeFileIfChanged(path, output, { mode: 0o600, createDirectories: true })
  write(`${path}\n`)
}

/** What the other verbs of stores know too; a flag goes before it. */
function addStores(words: readonly string[], { variables }: Terminal): readonly string[] {
  const list = variables['CLAVIGER_STORES'] || undefined
  return list === undefined ? words : [`-stores=${list}`, ...words]
}

export const renderVerb: Verb = {
  run: createRun({
    help,
    parse: (words, terminal) =>
      parseManifestCommand(ownFlags, addStores(words, terminal), terminal),
    run: runRender,
  }),
  flags: { ...manifestFlags, ...ownFlags, ...podFlags },
  takesFiles: true,
}
