/** The policy document as a Policy, or everything that is wrong with it. docs/policy.md describes it. */
import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml'
import type { Issue, Parsed } from '../../core/issue.ts'
import { annotationClasses } from '../inject/annotations/annotation.ts'
import { readAddress } from './address.ts'
import { isGlob } from './glob.ts'
import { annotationPattern, isAnnotationPattern } from './keys.ts'
import {
  type AnnotationRule,
  type LabelRequirement,
  labelOperators,
  type Mode,
  modes,
  type NamespaceSelector,
  type Policy,
  type Rule,
  subjects,
  type ValueRule,
} from './policy.ts'
import { Section } from './section.ts'
import { subjectKinds } from './subjects.ts'

/** `text` is YAML, and so may be JSON; an empty document allows everything. Issue code: `policy`. */
export function readPolicy(text: string): Parsed<Policy> {
  const parsed = parseYaml(text)
  if (parsed.kind === 'issues') return parsed
  const issues: Issue[] = []
  const root = new Section(parsed.value, '', issues)
  root.expectKeys(['mode', 'loopback', 'classes', 'rules'])
  const mode = root.choice('mode', modes) ?? 'enforce'
  const policy: Policy = {
    loopback: root.texts('loopback', 'an origin of the loopback address', isLoopback) ?? [],
    classes: readClasses(root.section('classes')),
    rules: root.sections('rules').map((rule) => readRule(rule, mode)),
  }
  reportTwins(policy.rules, root)
  return issues.length === 0 ? { kind: 'ok', value: policy } : { kind: 'issues', issues }
}

/** Whether the labels of namespaces matter to it: without a watch they are unknown. */
export function needsLabels({ rules }: Policy): boolean {
  return rules.some(({ namespaces }) => namespaces.requirements.length > 0)
}

function parseYaml(text: string): Parsed<unknown> {
  try {
    const [value, ...more] = loadAll(text, { schema: CORE_SCHEMA })
    return more.length === 0 ? { kind: 'ok', value } : refuse('policy', 'one YAML document')
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown
    const { mark } = thrown
    const path = mark === undefined ? 'policy' : `policy, line ${mark.line + 1}`
    return refuse(path, 'a YAML document')
  }
}

function refuse(path: string, expected: string): Parsed<never> {
  return { kind: 'issues', issues: [{ code: 'policy', path, expected }] }
}

function isLoopback(origin: string): boolean {
  const reading = readAddress(origin)
  return reading.kind === 'address' && reading.address.kind === 'loopback'
}

function readClasses(section: Section): Policy['classes'] {
  section.expectKeys(annotationClasses)
  return new Map(
    annotationClasses.flatMap((name) => {
      const mode = section.choice(name, ['allow', ...modes])
      return mode === undefined || mode === 'allow' ? [] : [[name, mode] as const]
    }),
  )
}

const ruleName = /^[A-Za-z\d][A-Za-z\d._-]{0,62}$/

function readRule(section: Section, mode: Mode): Rule {
  const contents = ['annotations', ...subjects]
  section.expectKeys(['name', 'mode', 'message', 'namespaces', ...contents])
  const expected = 'a name of letters, digits, "-", "_" and "." that no other rule has'
  const name = section.text('name', expected, (text) => ruleName.test(text))
  if (!section.has('name')) section.report('name', expected)
  if (!contents.some((key) => section.has(key))) {
    section.report('annotations', `at least one of ${contents.join(', ')}`)
  }
  return {
    name: name ?? '',
    mode: section.choice('mode', modes) ?? mode,
    message: section.text('message', 'one line of at most 200 characters', isMessage),
    namespaces: readSelector(section.section('namespaces')),
    annotations: readAnnotationRule(section.section('annotations')),
    values: new Map(
      subjects
        .filter((subject) => section.has(subject))
        .map((subject) => [subject, readValueRule(section.section(subject), subject)] as const),
    ),
  }
}

function isMessage(text: string): boolean {
  return text.length <= 200 && !/\p{Cc}/u.test(text)
}

function readSelector(section: Section): NamespaceSelector {
  section.expectKeys(['names', 'matchLabels', 'matchExpressions'])
  const equal = section
    .entries('matchLabels')
    .map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }))
  return {
    names: section.texts('names', 'the name of a namespace or a pattern such as "team-*"', isGlob),
    requirements: [...equal, ...section.sections('matchExpressions').map(readRequirement)],
  }
}

function readRequirement(section: Section): LabelRequirement {
  section.expectKeys(['key', 'operator', 'values'])
  const key = section.text('key', 'the name of a label', (text) => text !== '')
  const operator = section.choice('operator', labelOperators)
  const values = section.texts('values', 'a text', () => true) ?? []
  if (!section.has('key')) section.report('key', 'the name of a label')
  if (!section.has('operator')) section.report('operator', `one of ${labelOperators.join(', ')}`)
  const listed = operator === 'In' || operator === 'NotIn'
  if (operator !== undefined && listed !== values.length > 0) {
    section.report('values', listed ? 'at least one value' : `no values with ${operator}`)
  }
  return { key: key ?? '', operator: operator ?? 'Exists', values }
}

function readAnnotationRule(section: Section): AnnotationRule {
  section.expectKeys(['allow', 'deny', 'lock'])
  const read = (key: string) => section.texts(key, annotationPattern, isAnnotationPattern)
  return { allow: read('allow'), deny: read('deny') ?? [], lock: read('lock') ?? [] }
}

function readValueRule(section: Section, subject: (typeof subjects)[number]): ValueRule {
  section.expectKeys(['allow', 'deny'])
  const { expected, isPattern } = subjectKinds[subject]
  const read = (key: string) => section.texts(key, expected, isPattern)
  return { allow: read('allow'), deny: read('deny') ?? [] }
}

function reportTwins(rules: readonly Rule[], root: Section): void {
  const names = rules.map(({ name }) => name)
  rules.forEach(({ name }, index) => {
    if (name === '' || names.indexOf(name) === index) return
    root.report(`rules[${index}].name`, 'a name that no other rule has')
  })
}
