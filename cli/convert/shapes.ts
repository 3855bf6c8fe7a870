/** Shapes that values of charts have to be in, and how those of vault-helm are brought into them. */
import { isObject } from '../../core/plain-object.ts'
import { readYaml } from '../manifests/yaml.ts'

/** `read` gives undefined for what is not `expected`. */
export interface Shape {
  readonly expected: string
  readonly read: (value: unknown) => unknown
}

export const integer: Shape = {
  expected: 'an integer',
  read: (value) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return Number.isInteger(number) ? number : undefined
  },
}

export const words = (...choices: readonly string[]): Shape => ({
  expected: `one of ${choices.join(', ')}`,
  read: (value) => choices.find((choice) => choice === value),
})

export const text: Shape = {
  expected: 'text',
  read: (value) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined,
}

export const truth: Shape = {
  expected: 'true or false',
  // vault-helm compares texts, so its values often have quotes.
  read: (value) => [true, false].find((truth) => String(truth) === String(value)),
}

/** vault-helm takes a text of YAML, too, and renders it as a template of Helm. */
export const object: Shape = {
  expected: 'an object; a text of YAML without {{ }} will do',
  read: (value) => {
    const found = parseText(value)
    return isObject(found) ? found : undefined
  },
}

export const list: Shape = {
  expected: 'a list; a text of YAML without {{ }} will do',
  read: (value) => {
    const found = parseText(value)
    return Array.isArray(found) && found.every(isObject) ? found : undefined
  },
}

/** Names, or objects with a name. */
export const pullSecrets: Shape = {
  expected: 'a list of names',
  read: (value) => {
    if (!Array.isArray(value)) return undefined
    const secrets = value.map((item) => (typeof item === 'string' ? { name: item } : item))
    return secrets.every(isObject) ? secrets : undefined
  },
}

/** Our chart fills in the labels. */
export const spread: Shape = {
  expected: list.expected,
  read: (value) => {
    const found = list.read(value)
    if (!Array.isArray(found)) return undefined
    return found.map(({ labelSelector: _, ...constraint }) => constraint)
  },
}

/** Labels and annotations, whose values are texts. */
export const texts: Shape = {
  expected: 'a map of texts',
  read: (value) => {
    const found = object.read(value)
    if (!isObject(found)) return undefined
    const entries = Object.entries(found).map(([key, member]) => [key, text.read(member)])
    return entries.some(([, member]) => member === undefined)
      ? undefined
      : Object.fromEntries(entries)
  },
}

/** Where our chart, too, takes a text and renders it as a template. */
export const orTemplate = (shape: Shape): Shape => ({
  expected: shape.expected.replace(' without {{ }}', ''),
  read: (value) => (typeof value === 'string' && value.includes('{{') ? value : shape.read(value)),
})

function parseText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.includes('{{')) return undefined
  const reading = readYaml(value)
  return reading.kind === 'value' ? reading.value : undefined
}
