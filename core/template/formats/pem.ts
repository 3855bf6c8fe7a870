/** PEM bundles out of a PKI answer. Source: Vault's PKI secrets engine, POST /pki/issue/:name. */
import { FunctionError } from '../functions/function.ts'
import { indirect, textOf, type Value } from '../values.ts'

/** Part → the names it has: those of the store's answer, and those of what `pkiCert` returns. */
const parts = new Map<string, readonly string[]>([
  ['certificate', ['certificate', 'Cert']],
  ['ca_chain', ['ca_chain', 'CAChain', 'issuing_ca', 'CA']],
  ['private_key', ['private_key', 'Key']],
])

/**
 * The blocks of `wanted` parts (all three unless given) in that order, each once, with one line break behind each block. A
 * missing chain is empty, and the issuing CA stands in for it. Throws `FunctionError` for another missing part.
 */
export function renderPem(data: Value, wanted: readonly string[]): string {
  const names = wanted.length === 0 ? [...parts.keys()] : wanted
  const blocks = names.flatMap((name) => readPart(data, name))
  return [...new Set(blocks)].map((block) => `${block}\n`).join('')
}

function readPart(data: Value, name: string): readonly string[] {
  const spellings = parts.get(name)
  if (spellings === undefined) {
    throw new FunctionError(`expected parts out of ${[...parts.keys()].join(', ')}`)
  }
  for (const spelling of spellings) {
    const blocks = textsOf(memberOf(data, spelling)).flatMap((text) => splitBlocks(text, name))
    if (blocks.length > 0) return blocks
  }
  if (name === 'ca_chain') return []
  throw new FunctionError(`no ${name} in what was given`)
}

function memberOf(given: Value, name: string): Value {
  const { value } = indirect(given)
  if (typeof value !== 'object') return undefined
  if (value.kind === 'map') return value.entries.get(name)
  return value.kind === 'struct' ? value.fields.get(name) : undefined
}

function textsOf(given: Value): readonly string[] {
  const { value } = indirect(given)
  const text = textOf(value)
  if (text !== undefined) return text.trim() === '' ? [] : [text]
  if (typeof value !== 'object' || value.kind !== 'slice') return []
  return value.items.flatMap(textsOf)
}

/** A text of several blocks as single ones, so that each stands once in a bundle. */
function splitBlocks(text: string, name: string): readonly string[] {
  const blocks = text.match(/-----BEGIN ([^-]+)-----[^-]*-----END \1-----/g)
  if (blocks === null) throw new FunctionError(`${name} is not PEM; ask for format=pem`)
  return blocks.map((block) => block.replaceAll('\r', ''))
}
