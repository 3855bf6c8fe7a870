/** The kinds of value an annotation can have: what is expected, how it is read, and whether a wrong one may be repeated. */
import { durationExpected, parseDuration } from '../../../core/duration.ts'
import { findNearest } from '../../../core/nearest.ts'
import { parseQuantity } from './quantity.ts'

export interface ValueKind<T> {
  /** Completes "expected …" in messages and the table of the annotation reference. */
  readonly expected: string
  /** The typed value, or undefined when the text is none. */
  readonly parse: (text: string) => T | undefined
  /** True when a wrong value cannot be a secret by its nature, so that a message may repeat it. */
  readonly shown: boolean
  /** The valid spelling that was probably meant. */
  readonly suggest?: (text: string) => string | undefined
}

const trueWords = ['1', 't', 'T', 'TRUE', 'true', 'True']
export const falseWords = ['0', 'f', 'F', 'FALSE', 'false', 'False', '']

/** Source: Go's strconv.ParseBool; empty is false as in vault-k8s. */
export const bool: ValueKind<boolean> = {
  expected: '"true" or "false"',
  parse: (text) =>
    trueWords.includes(text) ? true : falseWords.includes(text) ? false : undefined,
  shown: true,
  suggest: (text) => {
    const word = text.trim().toLowerCase()
    if (['yes', 'y', 'on', 'enabled'].includes(word)) return 'true'
    if (['no', 'n', 'off', 'disabled'].includes(word)) return 'false'
    return findNearest(word, ['true', 'false'])
  },
}

/** Any text; blank counts as absent where it declares something. */
export const text: ValueKind<string> = {
  expected: 'text',
  parse: (value) => value,
  shown: false,
}

/** The same with empty for the default, as vault-k8s takes it. */
export function orEmpty<T>(kind: ValueKind<T>): ValueKind<T | ''> {
  return {
    ...kind,
    expected: `${kind.expected}, or "" for the default`,
    parse: (value) => (value === '' ? value : kind.parse(value)),
  }
}

/** The same as it is written, with empty for none. */
export function asWritten(kind: ValueKind<unknown>): ValueKind<string> {
  return {
    expected: kind.expected,
    parse: (value) => (value === '' || kind.parse(value) !== undefined ? value : undefined),
    shown: kind.shown,
  }
}

export const requiredText = (expected: string): ValueKind<string> => ({
  expected,
  parse: (value) => (value.trim() === '' ? undefined : value),
  shown: false,
})

/** One of a closed set. */
export function choice<const T extends string>(choices: readonly T[]): ValueKind<T> {
  return {
    expected: `one of ${choices.map((name) => `"${name}"`).join(', ')}`,
    parse: (value) => choices.find((name) => name === value),
    shown: true,
    suggest: (value) => findNearest(value.trim().toLowerCase(), choices),
  }
}

/** The same in any letter case; the choices are in lower case. */
export function choiceInAnyCase<const T extends string>(choices: readonly T[]): ValueKind<T> {
  const kind = choice(choices)
  return { ...kind, parse: (value) => kind.parse(value.toLowerCase()) }
}

/** A Kubernetes quantity; empty removes the default. */
export const quantity: ValueKind<string> = {
  expected: 'a Kubernetes quantity such as "250m" or "64Mi", or "" for none',
  parse: (value) => (value === '' || parseQuantity(value) !== undefined ? value : undefined),
  shown: true,
  suggest: (value) => {
    const spaceless = value.replace(/\s+/g, '')
    const binary = spaceless.replace(/[kmgt]i?b?$/i, (unit) => `${unit.charAt(0).toUpperCase()}i`)
    return [spaceless, binary].find((spelling) => parseQuantity(spelling) !== undefined)
  },
}

/** As it is written, for the agent reads it; empty is the default. */
export const duration: ValueKind<string> = orEmpty({
  expected: durationExpected,
  parse: (value) => {
    const parsed = parseDuration(value, '')
    return parsed.kind === 'ok' && parsed.value > 0 ? value.trim() : undefined
  },
  shown: true,
})

/** A user or group of the system, or that the cluster chooses one. */
export const userId: ValueKind<number | 'auto'> = {
  expected: 'a number from 0 to 2147483647, or "auto"',
  parse: (value) => {
    if (value === 'auto') return value
    return /^\d{1,10}$/.test(value) && Number(value) < 2 ** 31 ? Number(value) : undefined
  },
  shown: true,
}

/** Without sign and leading zeros. */
export const wholeNumber: ValueKind<number> = {
  expected: 'a whole number such as "2"',
  parse: (value) => (/^(0|[1-9]\d{0,8})$/.test(value) ? Number(value) : undefined),
  shown: true,
}

/** As it is written. */
export const port: ValueKind<string> = {
  expected: 'a port from 1 to 65535',
  parse: (value) => (/^[1-9]\d{0,4}$/.test(value) && Number(value) < 65_536 ? value : undefined),
  shown: true,
}

/** A JSON Patch as text; empty is none, and so is null. `isOperation` says what may stand in the list. */
export function patchText(isOperation: (element: unknown) => boolean): ValueKind<string> {
  const isPatch = (value: unknown) =>
    value === null || (Array.isArray(value) && value.every(isOperation))
  return {
    expected: 'a JSON Patch: a list of operations, each an object',
    parse: (value) => (value === '' || isPatch(readJson(value)) ? value : undefined),
    shown: false,
  }
}

/** Undefined for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Names with commas between them; empty is no name at all. */
export const nameList: ValueKind<readonly string[]> = {
  expected: 'names with commas between them',
  parse: (value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  shown: false,
}

/** A part of a whole. */
export const fraction: ValueKind<number> = {
  expected: 'a number between 0 and 1 such as "0.75"',
  parse: (value) => {
    const number = /^\d*\.?\d+$/.test(value) ? Number(value) : 0
    return number > 0 && number < 1 ? number : undefined
  },
  shown: true,
}

/** Permission bits of a file, without setuid, setgid and sticky. */
export const fileMode: ValueKind<string> = {
  expected: 'octal permission bits from "0000" to "0777"',
  parse: (value) => (/^0{0,2}[0-7]{1,3}$/.test(value) ? value : undefined),
  shown: true,
}

/** `http://host:8200`; `$(HOST_IP)` and the like, which the kubelet fills in, may stand anywhere in it. */
export const storeAddress: ValueKind<string> = {
  expected:
    'an http:// or https:// address without user, query and fragment, such as "https://vault.vault.svc:8200"',
  parse: (value) => (isStoreAddress(value) ? value : undefined),
  shown: false,
}

/** The same of a collector of traces; empty is none. */
export const collectorAddress: ValueKind<string> = {
  expected:
    'an http:// or https:// address without user, query and fragment, such as "http://collector.tracing.svc:4318", or "" for none',
  parse: (value) => (value === '' ? value : storeAddress.parse(value)),
  shown: false,
}

function isStoreAddress(value: string): boolean {
  const filled = value.replace(/\$\([A-Z_][A-Z0-9_]*\)/g, '1')
  if (!/^https?:\/\/[^\s/]/.test(filled) || /[\s?#@\\]/.test(filled)) return false
  return URL.canParse(filled)
}

/** Where an auth method is mounted. */
export const mountPath: ValueKind<string> = {
  expected: 'the path of an auth mount such as "auth/kubernetes"',
  parse: (value) =>
    value !== '' && !/[\s?#%]/.test(value) && !value.split('/').includes('..') ? value : undefined,
  shown: false,
}

/** A container image; the kubelet judges the details. */
export const image: ValueKind<string> = {
  expected: 'an image reference such as "registry.example/agent:1.0"',
  parse: (value) => (value !== '' && !/\s/.test(value) ? value : undefined),
  shown: false,
}
