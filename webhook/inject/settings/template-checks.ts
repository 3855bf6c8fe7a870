/** Templates that cannot work, found before any pod starts. */
import {
  type PolicyPreset,
  policyPresets,
  restrictedPolicy,
  type TemplatePolicy,
} from '../../../core/template/policy.ts'
import { lintTemplate, type TemplateProblem } from '../../../core/template/template.ts'
import type { TemplateSource } from '../../../core/template/template-source.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'
import type { PodStores } from '../stores/pod-store.ts'
import type { AgentImage } from './agent-image.ts'
import type { SecretFile } from './secret-file.ts'

interface CheckedTemplates {
  readonly files: readonly SecretFile[]
  readonly agent: AgentImage
  readonly templatePolicy: PolicyPreset
  readonly stores: { readonly known: PodStores }
}

/**
 * Those that the pod's annotations hold and that are in Go's language. What the pod's agent would refuse is a problem, code `template`;
 * a stock agent knows better what it can do, so for it everything is a warning, as is what only the operator's word lets our own
 * agent do.
 */
export function checkTemplates(
  settings: CheckedTemplates,
  reader: AnnotationReader,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { references, signature } = settings.stores.known
  const lint = (policy: TemplatePolicy) =>
    settings.files.flatMap((file) =>
      lintFile(file, { policy, stores: references, signature }, reader),
    )
  const doubts = lint(restrictedPolicy)
  if (settings.agent.flavour !== 'claviger') return { problems: [], warnings: doubts }
  const policy = policyPresets.get(settings.templatePolicy) ?? restrictedPolicy
  if (policy === restrictedPolicy) return { problems: doubts, warnings: [] }
  const problems = lint(policy)
  const known = new Set(problems.map(({ path, hint }) => `${path} ${hint}`))
  return { problems, warnings: doubts.filter(({ path, hint }) => !known.has(`${path} ${hint}`)) }
}

interface LintOptions {
  readonly policy: TemplatePolicy
  readonly stores: TemplateSource['stores']
  /** What `stores` stands for. */
  readonly signature: string
}

function lintFile(
  { name, template, engine, delimiters }: SecretFile,
  { policy, stores, signature }: LintOptions,
  reader: AnnotationReader,
): readonly Problem[] {
  if (template.kind !== 'contents' || !template.given || engine !== 'go') return []
  const source = {
    name,
    text: Buffer.from(template.text).toString('latin1'),
    leftDelimiter: delimiters.left,
    rightDelimiter: delimiters.right,
    policy,
    stores,
  }
  return lintOnce(source, signature).map(({ line, column, message }) => ({
    code: 'template',
    path: reader.spell(annotations.template.key + name),
    expected: 'a template that parses and calls only what the agent allows',
    hint: `line ${line}, column ${column}: ${message}`,
    at: { line, column },
  }))
}

/** The pods of a rollout come one after another with the same templates; what is larger than this is linted each time. */
const kept = { templates: 64, textBytes: 16_384 } as const

/** Under each policy, oldest first. */
const linted = new Map<TemplatePolicy, Map<string, readonly TemplateProblem[]>>()

type LintedSource = Required<Omit<TemplateSource, 'errorOnMissingKey'>>

function lintOnce(source: LintedSource, signature: string): readonly TemplateProblem[] {
  const { name, text, leftDelimiter, rightDelimiter, policy } = source
  if (text.length > kept.textBytes) return lintTemplate(source)
  const known = linted.get(policy) ?? new Map<string, readonly TemplateProblem[]>()
  linted.set(policy, known)
  const key = JSON.stringify([name, leftDelimiter, rightDelimiter, signature, text])
  const problems = known.get(key) ?? lintTemplate(source)
  known.delete(key)
  known.set(key, problems)
  const [oldest] = known.keys()
  if (known.size > kept.templates && oldest !== undefined) known.delete(oldest)
  return problems
}
