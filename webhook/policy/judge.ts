/** Applies a policy to one pod: which of its annotations and values are allowed. */
import { formatIssue, type Issue } from '../../core/issue.ts'
import {
  type Facts,
  findDefault,
  type JudgedAnnotation,
  type JudgedValue,
  listAnnotations,
  listTemplatePaths,
  listValues,
} from './facts.ts'
import type { PatternValues } from './glob.ts'
import { namesAnnotation } from './keys.ts'
import type { judgedSubjects, Mode, Policy, Rule } from './policy.ts'
import { selects } from './selector.ts'
import { subjectKinds } from './subjects.ts'

/** For log and metric: names that the operator chose, and nothing of the pod. */
export interface PolicyFinding {
  readonly mode: Mode
  readonly rule: string
  readonly subject: (typeof judgedSubjects)[number]
}

export interface Judgement {
  /** Of rules that are enforced. Issue code `policy_denied`; no issue repeats a value. */
  readonly issues: readonly Issue[]
  /** Of rules that warn. */
  readonly warnings: readonly string[]
  /** Of all rules. */
  readonly findings: readonly PolicyFinding[]
}

/** What a rule says of one thing; undefined when it says nothing. */
type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly expected: string }
  | undefined

interface Violation {
  readonly rule: Rule
  readonly subject: PolicyFinding['subject']
  readonly issue: Issue
}

/**
 * The rules are read from the top for each annotation and each value; the first enforced rule that says something decides.
 * A rule that warns or audits decides nothing: it tells what it would do if it were enforced, unless a rule before it
 * has the word.
 */
export function judge(policy: Policy | undefined, facts: Facts): Judgement {
  if (policy === undefined) return { issues: [], warnings: [], findings: [] }
  const rules = [
    ...policy.rules.filter(({ namespaces }) => selects(namespaces, facts.namespace)),
    ...[...policy.classes].map(([name, mode]) => createClassRule(name, mode)),
  ]
  const looksIntoTemplates = rules.some(
    ({ values }) => values.has('paths') || values.has('storePaths'),
  )
  const values = [...listValues(facts), ...(looksIntoTemplates ? listTemplatePaths(facts) : [])]
  const violations = [
    ...listAnnotations(facts).flatMap((one) => judgeAnnotation(rules, one)),
    ...listLocked(facts).flatMap((one) => judgeLock(rules, one)),
    ...values.flatMap((one) => judgeValue(rules, one, facts)),
  ]
  const issuesOf = (mode: Mode) =>
    violations.filter(({ rule }) => rule.mode === mode).map(({ issue }) => issue)
  return {
    issues: issuesOf('enforce'),
    warnings: issuesOf('warn').map((issue) => `policy: ${formatIssue(issue)}`),
    findings: violations.map(({ rule, subject }) => ({
      mode: rule.mode,
      rule: rule.name,
      subject,
    })),
  }
}

function createClassRule(name: string, mode: Mode): Rule {
  return {
    name: `classes.${name}`,
    mode,
    message: undefined,
    namespaces: { names: undefined, requirements: [] },
    annotations: { allow: undefined, deny: [`class:${name}`], lock: [] },
    values: new Map(),
  }
}

interface Refusal {
  readonly rule: Rule
  readonly expected: string
}

/** At most one for each mode. */
function findRefusals(rules: readonly Rule[], ask: (rule: Rule) => Verdict): readonly Refusal[] {
  const refusals: Refusal[] = []
  const told = new Set<Mode>()
  for (const rule of rules) {
    const { mode } = rule
    const verdict = ask(rule)
    if (verdict === undefined) continue
    // What a warning tells, an audit need not repeat.
    const heard = told.has(mode) || (mode === 'audit' && told.has('warn'))
    if (!verdict.allowed && !heard) refusals.push({ rule, expected: verdict.expected })
    told.add(mode)
    if (mode === 'enforce') break
  }
  return refusals
}

const withdrawn = 'no such annotation'

function judgeAnnotation(
  rules: readonly Rule[],
  { key, path, class: annotationClass }: JudgedAnnotation,
): readonly Violation[] {
  const refusals = findRefusals(rules, ({ annotations: { allow, deny } }) => {
    if (namesAnnotation(deny, key, annotationClass)) return { allowed: false, expected: withdrawn }
    if (allow === undefined) return undefined
    if (namesAnnotation(allow, key, annotationClass)) return { allowed: true }
    return annotationClass === 'gated' ? { allowed: false, expected: withdrawn } : undefined
  })
  return refusals.map((refusal) => describe(refusal, 'annotations', { path, note: undefined }))
}

/** What the pod says otherwise than its namespace or the operator. */
function listLocked(facts: Facts): readonly JudgedAnnotation[] {
  return listAnnotations(facts).filter(({ key }) => {
    const own = facts.found.get(key)?.text
    const given = findDefault(facts, key)
    return given !== undefined && own !== given
  })
}

function judgeLock(
  rules: readonly Rule[],
  { key, path, class: annotationClass }: JudgedAnnotation,
): readonly Violation[] {
  const refusals = findRefusals(rules, ({ annotations: { lock } }) =>
    namesAnnotation(lock, key, annotationClass)
      ? { allowed: false, expected: 'the default of the namespace or of the operator' }
      : undefined,
  )
  return refusals.map((refusal) =>
    describe(refusal, 'locks', { path, note: 'leave the annotation out' }),
  )
}

function judgeValue(
  rules: readonly Rule[],
  { subject, path, text, byDefault }: JudgedValue,
  { namespace, serviceAccount }: Facts,
): readonly Violation[] {
  const values = { namespace: namespace.name, serviceAccount }
  const refusals = findRefusals(rules, (rule) => askValue(rule, { subject, text }, values))
  const note = byDefault ? 'the annotation is missing, and the default is none of these' : undefined
  return refusals.map((refusal) => describe(refusal, subject, { path, note }))
}

function askValue(
  rule: Rule,
  { subject, text }: Pick<JudgedValue, 'subject' | 'text'>,
  values: PatternValues,
): Verdict {
  const list = rule.values.get(subject)
  if (list === undefined) return undefined
  const { allow, deny } = list
  if (text === undefined) return { allowed: false, expected: 'paths that are written out' }
  const { allows, denies } = subjectKinds[subject]
  if (deny.some((pattern) => denies(pattern, text, values))) {
    return { allowed: false, expected: `another value than ${listPatterns(deny)}` }
  }
  if (allow === undefined) return undefined
  if (allow.some((pattern) => allows(pattern, text, values))) return { allowed: true }
  return { allowed: false, expected: listPatterns(allow) }
}

const shownPatterns = 5

/** The operator's own words, at most so many of them. */
function listPatterns(patterns: readonly string[]): string {
  if (patterns.length === 0) return 'none at all'
  const shown = patterns.slice(0, shownPatterns).map((pattern) => JSON.stringify(pattern))
  const more = patterns.length > shownPatterns ? [`${patterns.length - shownPatterns} more`] : []
  return [...shown, ...more].join(' or ')
}

function describe(
  { rule, expected }: Refusal,
  subject: PolicyFinding['subject'],
  { path, note }: { readonly path: string; readonly note: string | undefined },
): Violation {
  const by = `policy rule ${rule.name}${rule.message === undefined ? '' : `: ${rule.message}`}`
  const hint = note === undefined ? by : `${note}; ${by}`
  return { rule, subject, issue: { code: 'policy_denied', path, expected, hint } }
}
