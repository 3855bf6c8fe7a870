/** Some hours in the life of replicas that share a CA, on simulated time with an API server that fails and lags. */
import { X509Certificate } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { createLogger } from '../../core/log.ts'
import type { Cluster } from '../../webhook/kube/cluster.ts'
import type { Authority } from '../../webhook/tls/authority.ts'
import { createGeneratedSource } from '../../webhook/tls/generated-source.ts'
import { Chance } from './simulation/chance.ts'
import { minute, second, Timetable } from './simulation/timetable.ts'

const hosts = ['claviger.default.svc']
const settleMs = 5 * minute
/** How late an API server may hear of a new bundle. */
const longestLagMs = minute
const logger = createLogger({
  level: 'error',
  format: 'json',
  write: () => undefined,
  now: () => 0,
})

export class CertificateDay {
  readonly violations: string[] = []
  readonly served = new Set<string>()
  readonly #time = new Timetable()
  readonly #chance: Chance
  readonly #serving = new Map<number, string>()
  readonly #secret: { version: number; entries: ReadonlyMap<string, string>; rotate: boolean }
  #published: string
  #trusted: string
  #troubled = true
  /** Until then nobody may write the bundle. */
  #refusesUntil = 0
  #replicas = 0

  constructor(seed: number, begin: (now: number, hosts: readonly string[]) => Authority) {
    this.#chance = new Chance(seed)
    const { bundle, caKey, leaf } = begin(this.#time.now, hosts)
    const entries = { 'ca.crt': bundle, 'ca.key': caKey, 'tls.crt': leaf.cert, 'tls.key': leaf.key }
    this.#secret = { version: 1, entries: new Map(Object.entries(entries)), rotate: false }
    this.#published = bundle
    this.#trusted = bundle
    for (let replica = 0; replica < 3; replica++) this.#start()
    this.#rotateLater()
  }

  run(ms: number): Promise<void> {
    return this.#time.runUntil(this.#time.now + ms)
  }

  /** Nothing fails and nobody rotates from here on. */
  calm(): void {
    this.#troubled = false
  }

  stored(): Authority {
    const read = (name: string) => this.#secret.entries.get(name) ?? ''
    const leaf = { cert: read('tls.crt'), key: read('tls.key') }
    return { bundle: read('ca.crt'), caKey: read('ca.key'), leaf }
  }

  published(): string {
    return this.#published
  }

  servedNow(): ReadonlySet<string> {
    return new Set(this.#serving.values())
  }

  /** A replica that lives for a while, and is then followed by another one. */
  #start(): void {
    const id = this.#replicas++
    const stop = new AbortController()
    const use = ({ cert }: { readonly cert: string }) => {
      if (stop.signal.aborted) return
      this.#serving.set(id, cert)
      this.served.add(cert)
      this.#checkTrust('a new leaf')
    }
    const source = createGeneratedSource({
      cluster: this.#cluster(stop.signal),
      hosts,
      settleMs,
      clock: this.#clock(),
      logger,
    })
    void source.run({ use, failed: () => undefined }, stop.signal)
    this.#time.after(this.#chance.between(minute, 200 * minute), () => {
      if (!this.#troubled) return
      stop.abort()
      this.#serving.delete(id)
      this.#start()
    })
  }

  #rotateLater(): void {
    this.#time.after(this.#chance.between(minute, 120 * minute), () => {
      if (!this.#troubled) return
      this.#secret.rotate = true
      this.#secret.version += 1
      if (this.#chance.happens(0.5)) this.#refusesUntil = this.#time.now + 20 * minute
      this.#rotateLater()
    })
  }

  #clock(): Clock {
    const chance = this.#chance.fork()
    return {
      now: () => this.#time.now,
      chance: chance.next,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          this.#time.after(ms, resolve)
          signal?.addEventListener('abort', () => resolve(), { once: true })
        }),
    }
  }

  /** A replica that has ended writes nothing more: its process is gone. */
  #cluster(gone: AbortSignal): Cluster {
    return {
      readSecret: () =>
        this.#answer(gone, () => ({
          resourceVersion: String(this.#secret.version),
          entries: this.#secret.entries,
          wantsRotation: this.#secret.rotate,
        })),
      writeSecret: ({ resourceVersion, entries }) =>
        this.#answer(gone, () => {
          if (resourceVersion !== String(this.#secret.version)) return 'conflict'
          Object.assign(this.#secret, { entries, rotate: false })
          this.#secret.version += 1
          return 'written'
        }),
      readWebhooks: () => this.#answer(gone, () => [{ name: 'a', caBundle: this.#published }]),
      writeCaBundle: (bundle) =>
        this.#answer(gone, () => {
          if (this.#time.now < this.#refusesUntil) throw new AppError('kubernetes_refused', {})
          this.#published = bundle
          this.#time.after(this.#chance.between(0, longestLagMs), () => {
            this.#trusted = this.#published
            this.#checkTrust('a new bundle')
          })
        }),
    }
  }

  /** Answers after a while; may fail before the work, or after it, as a lost answer does. */
  #answer<T>(gone: AbortSignal, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#time.after(this.#chance.between(1, 3 * second), () => {
        if (gone.aborted) return
        const fails = this.#troubled && this.#chance.happens(0.15)
        const refused = new AppError('kubernetes_refused', {})
        if (fails && this.#chance.happens(0.5)) return reject(refused)
        try {
          const result = work()
          if (fails) reject(refused)
          else resolve(result)
        } catch (thrown) {
          reject(thrown)
        }
      })
    })
  }

  #checkTrust(after: string): void {
    const cas = this.#trusted
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem))
    for (const cert of this.#serving.values()) {
      const leaf = new X509Certificate(cert)
      const isTrusted = cas.some(
        (ca) => leaf.verify(ca.publicKey) && Date.parse(ca.validTo) > this.#time.now,
      )
      if (!isTrusted || Date.parse(leaf.validTo) < this.#time.now) {
        this.violations.push(`${after} after ${this.#time.now - this.#time.start} ms`)
      }
    }
  }
}
