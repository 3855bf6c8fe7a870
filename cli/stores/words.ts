/** Bare words and flags that several verbs of stores have. */
import type { FlagTable } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { describeChoice } from '../choice.ts'
import type { KnownStores } from './known-stores.ts'
import { type NamedReference, readReference } from './reference.ts'

export const listOutputs = ['text', 'json'] as const

export const outputFlags = {
  output: {
    kind: 'text',
    argument: listOutputs.join('|'),
    help: 'form of the answer; default text',
  },
  o: { kind: 'text', argument: listOutputs.join('|'), help: 'the same as -output' },
} as const satisfies FlagTable

/** The form that is chosen. Issue code: `flag`. */
export function readOutput<O extends string>(
  { output, o }: { readonly output?: string; readonly o?: string },
  outputs: readonly [O, ...O[]],
): Parsed<O> {
  const given = output ?? o ?? outputs[0]
  const found = outputs.find((name) => name === given)
  return found === undefined
    ? { kind: 'issues', issues: [describeChoice('-output', given, outputs)] }
    : { kind: 'ok', value: found }
}

/** The one secret that a verb is about, all of it and as it is now. Issue codes: `usage`, `reference`, `store`. */
export function readSecretWord(
  verb: string,
  words: readonly string[],
  known: KnownStores,
): Parsed<NamedReference> {
  const [first, ...others] = words
  if (first === undefined || others.length > 0) {
    return { kind: 'issues', issues: [{ code: 'usage', path: verb, expected: 'one reference' }] }
  }
  const parsed = readReference(first, known)
  if (parsed.kind === 'issues') return parsed
  const { property, version, isOptional } = parsed.value
  const expected =
    property !== undefined
      ? 'a whole secret, without #PROPERTY'
      : version !== undefined
        ? 'a secret with all its versions, without @VERSION'
        : isOptional
          ? 'a reference without a question mark at its end'
          : undefined
  if (expected === undefined) return parsed
  return { kind: 'issues', issues: [{ code: 'usage', path: verb, expected }] }
}

/** `KEY=VALUE` of each. Issue code: `flag`. */
export function readTags(given: readonly string[] = []): Parsed<ReadonlyMap<string, string>> {
  const issue: Issue = { code: 'flag', path: '-tag', expected: 'KEY=VALUE' }
  if (given.some((tag) => tag.indexOf('=') < 1)) return { kind: 'issues', issues: [issue] }
  const pairs = given.map((tag): [string, string] => {
    const at = tag.indexOf('=')
    return [tag.slice(0, at), tag.slice(at + 1)]
  })
  return { kind: 'ok', value: new Map(pairs) }
}

/** A whole number from 1. Issue code: `flag`. */
export function readCount(path: string, text: string): Parsed<number> {
  if (/^[1-9]\d{0,6}$/.test(text)) return { kind: 'ok', value: Number(text) }
  return { kind: 'issues', issues: [{ code: 'flag', path, expected: 'a whole number above 0' }] }
}

/** The issues of all parts. */
export function issuesOf(...parts: readonly Parsed<unknown>[]): readonly Issue[] {
  return parts.flatMap((part) => (part.kind === 'issues' ? part.issues : []))
}
