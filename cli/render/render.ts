/** Renders the files of a pod here, as its agent would there. */
import { AppError } from '../../core/errors.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import { toByteString } from '../../core/template/byte-string.ts'
import { createHandlebarsTemplate } from '../../core/template/handlebars/template.ts'
import { describeMissingKeys } from '../../core/template/missing-keys.ts'
import type { Randomness } from '../../core/template/randomness.ts'
import {
  createFormattedSecret,
  createGoTemplate,
  type Renderable,
} from '../../core/template/renderable.ts'
import {
  absentAnswer,
  type SecretAnswer,
  type SecretRequest,
  secretRequestKey,
} from '../../core/template/secret-request.ts'
import { suggest } from '../../core/template/suggestion.ts'
import { type RenderResult, TemplateError } from '../../core/template/template.ts'
import type { SecretFile } from '../../webhook/inject/settings/secret-file.ts'
import type { SecretReader } from '../template.ts'
import { formatExcerpt } from './excerpt.ts'

export interface RenderPorts {
  readonly store: SecretReader
  /** Stores that references may name; without them paths are those of one Vault. */
  readonly stores?: ReferenceStores | undefined
  /** The bytes of a file that the agent's containers hold. Throws `AppError`. */
  readonly readTemplate: (path: string) => Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly random: Randomness
}

/** `problem` and `warnings` hold names, lines of the template and no value; each is one or more whole lines. */
export type RenderedFile =
  | {
      readonly kind: 'rendered'
      readonly output: Uint8Array
      readonly warnings: readonly string[]
    }
  /** Optional, and its secret does not exist. */
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'failed'; readonly problem: string }

/** Never rejects because of the file. */
export async function renderFile(file: SecretFile, ports: RenderPorts): Promise<RenderedFile> {
  const answers = new Map<string, SecretAnswer>()
  let text = ''
  try {
    text = readText(file, ports)
    const renderable = compile(file, text, ports)
    const { output, isAbsent, missingKeys } = await renderPasses(renderable, { answers, ports })
    if (isAbsent) return { kind: 'absent', path: pathOf(file) }
    if (missingKeys.length > 0) throw describeMissingKeys(file.destination, missingKeys)
    return {
      kind: 'rendered',
      output,
      warnings: await describeGaps(file, text, { output, answers, ports }),
    }
  } catch (thrown) {
    if (thrown instanceof TemplateError) {
      return { kind: 'failed', problem: describeFailure(thrown, text, answers.values()) }
    }
    if (!(thrown instanceof AppError)) throw thrown
    if (file.optional && thrown.code === 'secret_missing') {
      return { kind: 'absent', path: String(thrown.facts['path'] ?? '') }
    }
    return { kind: 'failed', problem: `${thrown.message}\n` }
  }
}

function pathOf({ template }: SecretFile): string {
  return template.kind === 'format' ? template.path : ''
}

/** Byte string; empty for a format. */
function readText({ template }: SecretFile, { readTemplate }: RenderPorts): string {
  switch (template.kind) {
    case 'contents':
      return Buffer.from(template.text).toString('latin1')
    case 'source':
      return Buffer.from(readTemplate(template.path)).toString('latin1')
    case 'format':
      return ''
  }
}

function compile(
  { template, engine, delimiters, destination: name, errorOnMissingKey }: SecretFile,
  text: string,
  { stores }: RenderPorts,
): Renderable {
  if (template.kind === 'format') return createFormattedSecret({ name, stores, ...template })
  if (engine === 'handlebars') return createHandlebarsTemplate({ name, text, stores })
  const { left: leftDelimiter, right: rightDelimiter } = delimiters
  return createGoTemplate({ name, text, leftDelimiter, rightDelimiter, errorOnMissingKey, stores })
}

interface Pass {
  readonly answers: Map<string, SecretAnswer>
  readonly ports: RenderPorts
}

/** Fetches what is missing, all at once, and renders again until nothing is. */
async function renderPasses(renderable: Renderable, pass: Pass): Promise<RenderResult> {
  const { answers, ports } = pass
  const scope = {
    now: ports.now(),
    random: ports.random,
    clock: ports.now,
    secret: (request: SecretRequest) => answers.get(secretRequestKey(request)),
  }
  for (;;) {
    const result = renderable.render(scope)
    const { missing, optional } = result
    if (missing.length === 0) return result
    const fetched = await Promise.all(
      missing.map(async (request) => {
        const key = secretRequestKey(request)
        const reading = read(request, renderable, ports)
        const answer = optional.has(key) ? reading.catch(toAbsence) : reading
        return [key, await answer] as const
      }),
    )
    for (const [key, answer] of fetched) answers.set(key, answer)
  }
}

function toAbsence(thrown: unknown): SecretAnswer {
  if (thrown instanceof AppError && thrown.code === 'secret_missing') return absentAnswer
  throw thrown
}

/** A path that the template does not spell out may be a value of another secret. */
async function read(
  request: SecretRequest,
  { text }: Renderable,
  { store }: RenderPorts,
): Promise<SecretAnswer> {
  try {
    return await store.read(request)
  } catch (thrown) {
    const isSpelt = text.includes(toByteString(request.path))
    if (!(thrown instanceof AppError) || isSpelt) throw thrown
    throw new AppError(thrown.code, { path: '(computed by the template)' }, { cause: thrown })
  }
}

/** `<no value>` in a file is hardly ever meant: where it comes from the strict rendering tells. */
async function describeGaps(
  file: SecretFile,
  text: string,
  { output, ...pass }: Pass & { readonly output: Uint8Array },
): Promise<readonly string[]> {
  const hasGap = file.engine === 'go' && Buffer.from(output).includes('<no value>')
  if (!hasGap || file.template.kind === 'format' || text.includes('<no value>')) return []
  try {
    await renderPasses(compile({ ...file, errorOnMissingKey: true }, text, pass.ports), pass)
    return ['the output holds <no value>\n']
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    return [`the output holds <no value>\n${describeFailure(thrown, text, pass.answers.values())}`]
  }
}

function describeFailure(
  error: TemplateError,
  text: string,
  answers: Iterable<SecretAnswer>,
): string {
  const excerpt = text === '' ? '' : formatExcerpt(text, error)
  const hint = suggest(error, { text, answers })
  return `${error.message}\n${excerpt}${hint === undefined ? '' : `${hint}\n`}`
}
