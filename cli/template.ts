/** Renders templates given as JSON lines, each on its own: what one asks of the store no other sees. */
import { AppError } from '../core/errors.ts'
import { type JsonValue, parseJson } from '../core/json.ts'
import type { LocalSource } from '../core/machine/local-source.ts'
import { writeLocalFile } from '../core/machine/write-file.ts'
import type { ReferenceStores } from '../core/reference.ts'
import { type LocalAnswer, localRequestKey } from '../core/template/local-request.ts'
import { describeMissingKeys } from '../core/template/missing-keys.ts'
import type { TemplatePolicy } from '../core/template/policy.ts'
import type { Randomness } from '../core/template/randomness.ts'
import {
  absentAnswer,
  type SecretAnswer,
  type SecretRequest,
  secretRequestKey,
} from '../core/template/secret-request.ts'
import {
  parseTemplate,
  renderTemplate,
  TemplateError,
  type TemplateErrorCode,
  type TemplateScope,
} from '../core/template/template.ts'
import type { TemplateSource } from '../core/template/template-source.ts'

export interface SecretReader {
  /** Rejects with an `AppError` where there is no answer. */
  readonly read: (request: SecretRequest) => Promise<SecretAnswer>
}

export interface TemplateRun {
  readonly lines: AsyncIterable<string>
  /** Takes one answer, without a line break. */
  readonly write: (line: string) => void
  readonly store: SecretReader
  /** Stores that references may name; without them paths are those of one Vault. */
  readonly stores?: ReferenceStores | undefined
  /** What templates may reach; a line's `sandbox_path` confines files further. */
  readonly policy: TemplatePolicy
  readonly machine: LocalSource
  readonly random: Randomness
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Answers every line `{"id", "template" or "template_b64", "left", "right", "options", "env"}` with `{"id", "output_b64"}` or
 * `{"id", "error"}`; only `id` and the template must be given, of the options `error_on_missing_key`, `function_denylist` and
 * `sandbox_path` are known. Errors are worded as consul-template words them. Never rejects because of a line.
 */
export async function runTemplates({ lines, write, ...ports }: TemplateRun): Promise<void> {
  for await (const line of lines) {
    if (line.trim() !== '') write(JSON.stringify(await answerLine(line, ports)))
  }
}

type Ports = Omit<TemplateRun, 'lines' | 'write'>

interface Job {
  readonly id: string
  readonly source: TemplateSource
  readonly environment: ReadonlyMap<string, string>
}

type Answer =
  | { readonly id: string; readonly output_b64: string }
  | { readonly id: string | null; readonly error: string }

async function answerLine(line: string, ports: Ports): Promise<Answer> {
  const job = parseJob(line, ports)
  if (job === undefined) return { id: null, error: 'expected an object with "id" and "template"' }
  const { id } = job
  try {
    const output = await render(job, ports)
    return { id, output_b64: Buffer.from(output).toString('base64') }
  } catch (thrown) {
    return { id, error: describe(thrown) }
  }
}

/** A read that failed, with what was asked for. */
class ReadFailure extends Error {
  readonly request: SecretRequest
  readonly error: AppError

  constructor(request: SecretRequest, error: AppError) {
    super(error.message)
    this.request = request
    this.error = error
  }
}

/** Renders again after each fetch until nothing is missing, then writes the files that the template asked to write. */
async function render({ source, environment }: Job, ports: Ports): Promise<Uint8Array> {
  const template = parseTemplate(source)
  const answers = new Map<string, SecretAnswer>()
  const local = new Map<string, LocalAnswer>()
  const scope: TemplateScope = {
    environment,
    now: ports.now(),
    random: ports.random,
    clock: ports.now,
    secret: (request) => answers.get(secretRequestKey(request)),
    local: (request) => local.get(localRequestKey(request)),
  }
  for (;;) {
    const rendered = renderTemplate(template, scope)
    const { output, missing, missingLocals, missingKeys, optional, effects } = rendered
    if (missing.length + missingLocals.length === 0) {
      if (missingKeys.length > 0) throw describeMissingKeys(source.name, missingKeys)
      for (const effect of effects) writeLocalFile(effect, template.policy.writeToFile)
      return output
    }
    for (const request of missingLocals) {
      local.set(localRequestKey(request), await ports.machine.answer(request, template.policy))
    }
    for (const request of missing) {
      const key = secretRequestKey(request)
      answers.set(key, await read(request, ports.store, optional.has(key)))
    }
  }
}

async function read(
  request: SecretRequest,
  store: SecretReader,
  isOptional: boolean,
): Promise<SecretAnswer> {
  try {
    return await store.read(request)
  } catch (thrown) {
    const isAbsent = thrown instanceof AppError && thrown.code === 'secret_missing'
    if (isAbsent && isOptional) return absentAnswer
    throw thrown instanceof AppError ? new ReadFailure(request, thrown) : thrown
  }
}

/** Status → Vault's words for it; its own are never repeated, they may hold what was sent. */
const statusPhrases = new Map<unknown, string>([
  [403, ': permission denied'],
  [500, ': internal error'],
])

const phases: Readonly<Record<TemplateErrorCode, string>> = {
  template_invalid: 'parse',
  template_failed: 'execute',
  template_denied: 'policy',
}

function describe(thrown: unknown): string {
  if (thrown instanceof TemplateError) return `${phases[thrown.code]}: ${thrown.message}`
  if (thrown instanceof AppError) return `execute: ${thrown.message}`
  if (!(thrown instanceof ReadFailure)) throw thrown
  const { request, error } = thrown
  const path = error.facts['path'] ?? request.path
  const call = `vault.${request.kind}(${nameOf(request)})`
  if (error.code === 'secret_missing' && request.kind !== 'pki')
    return `${call}: no secret exists at ${path}`
  return `${call}: ${error.message}${statusPhrases.get(error.facts['status']) ?? ''}`
}

/** How consul-template names a request; of a write only the path. */
function nameOf(request: SecretRequest): string {
  const versions = request.kind === 'read' ? request.query : []
  const version = versions.find(([name]) => name === 'version')
  return version === undefined ? request.path : `${request.path}.v${version[1]}`
}

function parseJob(line: string, { policy: allowed, stores }: Ports): Job | undefined {
  const job = parseLine(line)
  const id = job?.get('id')
  const text = job === undefined ? undefined : parseText(job)
  if (job === undefined || typeof id !== 'string' || text === undefined) return undefined
  const left = job.get('left')
  const right = job.get('right')
  const given = job.get('options')
  const options: ReadonlyMap<string, JsonValue> = given instanceof Map ? given : new Map()
  const source = {
    name: '',
    text,
    ...(typeof left === 'string' ? { leftDelimiter: left } : {}),
    ...(typeof right === 'string' ? { rightDelimiter: right } : {}),
    errorOnMissingKey: options.get('error_on_missing_key') === true,
    policy: confine(allowed, options),
    stores,
  }
  return { id, source, environment: parseEnvironment(job.get('env')) }
}

function confine(policy: TemplatePolicy, options: ReadonlyMap<string, JsonValue>): TemplatePolicy {
  const sandbox = options.get('sandbox_path')
  const isConfined = typeof sandbox === 'string' && sandbox !== '' && policy.file.kind !== 'denied'
  return {
    ...policy,
    file: isConfined ? { kind: 'roots', roots: [sandbox] } : policy.file,
    deniedFunctions: [...policy.deniedFunctions, ...textsOf(options.get('function_denylist'))],
  }
}

function parseLine(line: string): ReadonlyMap<string, JsonValue> | undefined {
  try {
    const value = parseJson(line)
    return value instanceof Map ? value : undefined
  } catch {
    return undefined
  }
}

/** Byte string. */
function parseText(job: ReadonlyMap<string, JsonValue>): string | undefined {
  const text = job.get('template')
  const encoded = job.get('template_b64')
  if (typeof encoded === 'string') return Buffer.from(encoded, 'base64').toString('latin1')
  return typeof text === 'string' ? Buffer.from(text, 'utf8').toString('latin1') : undefined
}

function parseEnvironment(value: JsonValue | undefined): ReadonlyMap<string, string> {
  if (!(value instanceof Map)) return new Map()
  return new Map(
    Array.from(value, ([name, text]) => [name, typeof text === 'string' ? text : ''] as const),
  )
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
