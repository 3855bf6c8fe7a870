/** Our signatures are those of the vendor's own signer, for any request. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { signHeaders } from '../../../core/cloud/aws-signature.ts'
import { sign } from '../../support/stores/aws-fake-signature.ts'

const word = fc.stringMatching(/^[\w.~!*'()+ -]{1,12}$/)
const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
const value = fc.stringMatching(/^[\x20-\x7e]{1,20}$/)
const request = fc.record({
  path: fc.array(fc.stringMatching(/^[\w~!*'()+,;=:@-]{1,8}$/), { maxLength: 3 }),
  query: fc.uniqueArray(fc.tuple(word, word), { selector: ([name]) => name, maxLength: 3 }),
  headers: fc.dictionary(fc.stringMatching(/^x-amz-x[a-z]{1,8}$/), value, { maxKeys: 3 }),
  body: fc.string({ unit: 'binary' }),
  accessKey: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
  secretKey: fc.string({ minLength: 1, unit: 'binary' }),
  sessionToken: fc.option(
    value.map((text) => text.trim()).filter((text) => text !== ''),
    { nil: undefined },
  ),
  region: label,
  service: label,
  // SigV4 has years of four digits.
  at: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
})

/** One name is the beginning of another one, which goes on with what is less than `=`. */
const longerName = {
  path: [],
  query: [
    [' +', ')'],
    [' ', '!'],
  ] satisfies [string, string][],
  headers: {},
  body: '',
  accessKey: 'A00A0AA0AAAA00AA',
  secretKey: 'secret',
  sessionToken: undefined,
  region: 'a',
  service: 'a',
  at: 0,
}

test('every request is signed as the vendor signs it', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ path, query, headers, body, ...given }) => {
      const url = new URL(`https://service.example/${path.map(encodeURIComponent).join('/')}`)
      for (const [name, text] of query) url.searchParams.append(name, text)
      const { accessKey, secretKey, sessionToken, region, service, at } = given
      const keys = { accessKey, secretKey, sessionToken }
      const ours = signHeaders({ method: 'POST', url, headers, body }, keys, {
        region,
        service,
        now: at,
      })
      const names = Object.keys(ours).map((name) => name.toLowerCase())
      const sent = { ...headers, host: url.host }
      const theirs = await sign(
        { headers: sent, path: `${url.pathname}${url.search}`, body },
        { ...keys, expiresAt: undefined },
        { region, service, names: Object.keys(sent), at },
      )
      expect(names).toContain('authorization')
      expect(ours['Authorization']).toBe(theirs)
    }),
    { examples: [[longerName]] },
  )
})
