/** What was asked of stores, noted while it happens and made into spans later: nobody waits for it, and it loads nothing. */
import { AppError } from '../errors.ts'
import type { AttributeName, OperationName } from './span-table.ts'

export type Attributes = Readonly<
  Partial<Record<AttributeName, string | number | boolean | readonly string[]>>
>

/** What is known of a span once it has ended. */
export interface Conclusion {
  readonly attributes?: Attributes
  /** An error code. */
  readonly error?: string | undefined
  /** Of several secrets, those that failed. */
  readonly failures?: readonly { readonly reference: string; readonly code: string }[]
}

export interface Operation<T> {
  readonly name: OperationName
  readonly attributes: Attributes
  /** Absent: any result is a good one. */
  readonly conclude?: (result: T) => Conclusion
}

export interface Tracer {
  /** Does the work. A rejection is told by its code, and goes on. */
  readonly run: <T>(operation: Operation<T>, work: () => Promise<T>) => Promise<T>
}

/** Times are milliseconds since the epoch, with fractions. */
export interface RecordedSpan extends Conclusion {
  readonly name: string
  readonly kind: 'internal' | 'client'
  readonly startedAt: number
  readonly endedAt: number
  /** Itself, for those that name it as their root. */
  readonly identity: object
  /** Undefined for a root. */
  readonly root: object | undefined
}

export interface RecorderClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds of a steady clock, with fractions. */
  readonly elapsed: () => number
}

interface Root {
  readonly identity: object
  readonly name: string
  readonly startedAt: number
  /** Whether anything was asked under it. */
  isUsed: boolean
}

/** More are dropped until those are taken. */
const mostSpans = 10_000

export class Recorder implements Tracer {
  readonly #clock: RecorderClock
  #ended: RecordedSpan[] = []
  #dropped = 0
  #root: Root | undefined
  /** What the steady clock is added to: the machine's clock may jump within a span. */
  #epoch: number

  constructor(clock: RecorderClock) {
    this.#clock = clock
    this.#epoch = clock.now() - clock.elapsed()
  }

  /** What is asked meanwhile belongs to it, also where that ends later; one under which nothing is asked is none. One at a time. */
  async runRoot<T>(
    name: string,
    work: () => Promise<T>,
    conclude: (result: T) => Conclusion,
  ): Promise<T> {
    this.#epoch = this.#clock.now() - this.#clock.elapsed()
    const root = { identity: {}, name, startedAt: this.#now(), isUsed: false }
    this.#root = root
    let result: T
    try {
      result = await work()
    } catch (thrown) {
      this.#endRoot(root, { error: codeOf(thrown) })
      throw thrown
    }
    this.#endRoot(root, conclude(result))
    return result
  }

  async run<T>({ name, attributes, conclude }: Operation<T>, work: () => Promise<T>): Promise<T> {
    if (this.#root !== undefined) this.#root.isUsed = true
    const root = this.#root?.identity
    const started = { name, kind: 'client', identity: {}, root, startedAt: this.#now() } as const
    const end = (conclusion: Conclusion) => {
      const all = { ...attributes, ...conclusion.attributes }
      this.#add({ ...started, ...conclusion, attributes: all, endedAt: this.#now() })
    }
    let result: T
    try {
      result = await work()
    } catch (thrown) {
      end({ attributes: { 'claviger.outcome': 'failed' }, error: codeOf(thrown) })
      throw thrown
    }
    end(conclude?.(result) ?? { attributes: { 'claviger.outcome': 'ok' } })
    return result
  }

  /** All that has ended since the last time, and how many there was no room for. */
  take(): { readonly spans: readonly RecordedSpan[]; readonly dropped: number } {
    const taken = { spans: this.#ended, dropped: this.#dropped }
    this.#ended = []
    this.#dropped = 0
    return taken
  }

  /** Ends the root that is still under way: nobody waits for it any more. */
  endRoot(): void {
    if (this.#root !== undefined) this.#endRoot(this.#root, {})
  }

  #endRoot(root: Root, conclusion: Conclusion): void {
    if (this.#root !== root) return
    this.#root = undefined
    const { identity, name, startedAt, isUsed } = root
    if (!isUsed) return
    const endedAt = this.#now()
    this.#add({
      ...conclusion,
      name,
      kind: 'internal',
      identity,
      root: undefined,
      startedAt,
      endedAt,
    })
  }

  #add(span: RecordedSpan): void {
    if (this.#ended.length < mostSpans) this.#ended.push(span)
    else this.#dropped++
  }

  #now(): number {
    return this.#epoch + this.#clock.elapsed()
  }
}

/** Nothing of what was thrown but its code. */
function codeOf(thrown: unknown): string {
  return thrown instanceof AppError ? thrown.code : 'internal'
}
