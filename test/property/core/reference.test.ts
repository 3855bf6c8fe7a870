import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  formatReference,
  parsePrefix,
  parseReference,
  type Reference,
} from '../../../core/reference.ts'
import { toReferenceStores } from '../../../core/stores/settings/reference-stores.ts'

const types = new Map([
  ['aws', 'aws'],
  ['ssm', 'ssm'],
  ['gcp', 'gcp'],
  ['files', 'file'],
] as const)
const plain = toReferenceStores({ types })
const withFallback = toReferenceStores({ types, fallback: 'aws' })

const piece = fc.constantFrom(
  ...['#', '@', '?', '%', ':', '/', '.', ' ', '%23', '%40', '%3f', '%25', 'aws:', 'asw:', 'ssm:'],
  ...['@3', '@AWSPREVIOUS', '@latest', 'prod/db', 'tls.crt', 'é', '\n', '0'],
)
const text = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const stores = fc.constantFrom(plain, withFallback)

/** Neither empty nor with space at its ends. */
const name = text.map((given) => given.trim()).filter((given) => given !== '')
const versions = { aws: 'AWSPREVIOUS', ssm: '12', gcp: 'latest', files: undefined } as const
const reference: fc.Arbitrary<Reference> = fc
  .constantFrom(...(['aws', 'ssm', 'gcp', 'files'] as const))
  .chain((store) =>
    fc.record({
      store: fc.constant(store),
      path: name.filter((path) => !/^\/+$/.test(path)),
      property: fc.option(name, { nil: undefined }),
      version: fc.constantFrom(undefined, versions[store]),
      isOptional: fc.boolean(),
    }),
  )

describe('references', () => {
  test('any text is one, or what is expected instead', () => {
    fc.assert(
      fc.property(text, stores, (given, known) => {
        const parsed = parseReference(given, known)
        if (parsed.kind === 'issues') {
          expect(parsed.issues).toMatchObject([{ code: 'reference' }])
        } else {
          expect(parsed.value.path.trim()).not.toBe('')
        }
      }),
    )
  })

  test('one that was read is read again from its text', () => {
    fc.assert(
      fc.property(text, stores, (given, known) => {
        const parsed = parseReference(given, known)
        if (parsed.kind === 'issues') return
        expect(parseReference(formatReference(parsed.value), known)).toEqual(parsed)
      }),
    )
  })

  test('of a named store can be written, whatever its path and key are', () => {
    fc.assert(
      fc.property(reference, stores, (given, known) => {
        expect(parseReference(formatReference(given), known)).toEqual({ kind: 'ok', value: given })
      }),
    )
  })

  test('a path of Vault whose prefix nobody knows keeps its text', () => {
    const path = text
      .map((given) => given.replace(/[#?]|@(?=\d)/g, '').trim())
      .filter((given) => !/^\/*$/.test(given) && !plain.names.has(given.split(':')[0] ?? ''))
    fc.assert(
      fc.property(path, (given) => {
        expect(parseReference(given, plain)).toEqual({
          kind: 'ok',
          value: {
            store: undefined,
            path: given,
            property: undefined,
            version: undefined,
            isOptional: false,
          },
        })
        expect(parsePrefix(given, plain)).toEqual({ store: undefined, path: given })
      }),
    )
  })
})
