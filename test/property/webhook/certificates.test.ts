/** Replicas that share a CA, through failures, restarts and rotations: the API server trusts whatever any of them serves. */
import { X509Certificate } from 'node:crypto'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Authority, renewAuthority } from '../../../webhook/tls/authority.ts'
import { CertificateDay } from '../../support/certificate-day.ts'
import { hour, minute } from '../../support/simulation/timetable.ts'

const day = 24 * hour

/** What replicas have made by then that were never disturbed. */
function ageAuthority(start: number, end: number, hosts: readonly string[]): Authority {
  const usual = { hosts, settleMs: 5 * minute, publishedMs: day, rotate: false }
  let authority = renewAuthority(undefined, { ...usual, now: start })
  for (let now = start; now <= end; now += day / 2) {
    authority = renewAuthority(authority, { ...usual, now })
  }
  return authority
}

/** Around these something is due: a leaf at 3.5 days, a CA at 243, the end of a CA at 365. */
const ages = [0, 3.4 * day, 243.2 * day, 250.9 * day, 364.9 * day]

test('the API server trusts every certificate that is served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom(...ages), async (seed, age) => {
      const simulated = new CertificateDay(seed, (now, hosts) =>
        ageAuthority(now - age, now, hosts),
      )
      await simulated.run(6 * hour)
      expect(simulated.violations).toEqual([])
      expect(simulated.served.size).toBeGreaterThan(0)
    }),
    { numRuns: 10 },
  )
}, 300_000)

test('rotations end: the newest CA signs, and no write is left undone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const simulated = new CertificateDay(seed, (now, hosts) => ageAuthority(now, now, hosts))
      await simulated.run(4 * hour)
      simulated.calm()
      await simulated.run(hour)
      const { bundle, leaf } = simulated.stored()
      const newest = new X509Certificate(bundle)
      expect(new X509Certificate(leaf.cert).verify(newest.publicKey)).toBe(true)
      expect(simulated.servedNow()).toEqual(new Set([leaf.cert]))
      expect(simulated.published()).toBe(bundle)
    }),
    { numRuns: 5 },
  )
}, 300_000)
