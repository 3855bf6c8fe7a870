import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalizeQuantity } from '../../../../../webhook/inject/stock/quantity-text.ts'

/** Source: what vault-k8s writes for them, and apimachinery's own tests. */
describe('canonicalizeQuantity', () => {
  test.each([
    ['1000m', '1'],
    ['0.25', '250m'],
    ['1024Mi', '1Gi'],
    ['0.5Gi', '512Mi'],
    ['0064Mi', '64Mi'],
    ['1.5Ki', '1536'],
    ['1.1Mi', '1153433600m'],
    ['5e-1', '500e-3'],
    ['1E2', '100'],
    ['1E', '1E'],
    ['0.0000000001', '1n'],
    ['-0.0000000001', '-1n'],
    ['3.3333333333', '3333333334n'],
    ['8Ei', '9223372036854775807'],
    ['-0', '0'],
    ['.', '0'],
    ['Mi', '0'],
    ['-', '0'],
    ['1e-999999999', '1e-9'],
    ['0e-999999999', '0'],
    ['1e999999999', '1e999999999'],
  ])('%s becomes %s', (text, canonical) => {
    expect(canonicalizeQuantity(text)).toBe(canonical)
  })

  test('a long text takes no longer than it is', () => {
    const digits = '1'.repeat(200_000)
    expect(canonicalizeQuantity(`${digits}x`)).toBeUndefined()
    expect(canonicalizeQuantity(`0.${digits}`)).toBe('111111112n')
  })

  test.each(['0', '007', '5.', '+5', '64Mi', '1e3', '500n'])('%s stays', (text) => {
    expect(canonicalizeQuantity(text)).toBe(text)
  })

  test.each(['', ' 1', '64mi', '64 Mi', '1.2.3', 'lots', '1e', '1e1.5', '--1'])(
    '%j is none',
    (text) => {
      expect(canonicalizeQuantity(text)).toBeUndefined()
    },
  )

  test('what is canonical stays canonical', () => {
    const number = fc.double({ min: 0, max: 1e12, noNaN: true }).map((value) => value.toFixed(4))
    const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E-2')
    fc.assert(
      fc.property(number, suffix, (digits, unit) => {
        const canonical = canonicalizeQuantity(digits + unit) ?? ''
        expect(canonicalizeQuantity(canonical)).toBe(canonical)
      }),
    )
  })
})
