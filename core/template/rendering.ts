/** One rendering: what it asked for, what it may still spend, what its errors may show. */
import type { ReferenceStores } from '../reference.ts'
import type { Definition } from './ast.ts'
import { fromByteString, toByteString } from './byte-string.ts'
import { TemplateError } from './error.ts'
import {
  DeniedError,
  FunctionError,
  type FunctionHost,
  type FunctionTable,
  type MessagePart,
} from './functions/function.ts'
import {
  type FileEffect,
  type LocalAnswer,
  type LocalRequest,
  localRequestKey,
} from './local-request.ts'
import { nothingFor, pickFrom } from './picked-value.ts'
import { quote } from './quote.ts'
import type { Randomness } from './randomness.ts'
import type { MissingKey, RenderResult } from './render-result.ts'
import { createScratch } from './scratch.ts'
import {
  type AskedReference,
  absentAnswer,
  type SecretAnswer,
  type SecretQuestion,
  type SecretRequest,
  secretRequestKey,
} from './secret-request.ts'
import { fromAnswer } from './secret-value.ts'
import type { ConcreteValue, Value } from './values.ts'

/** The parsed template that is rendered. */
export interface RenderingSource {
  readonly name: string
  /** Byte string. */
  readonly text: string
  readonly definitions: ReadonlyMap<string, Definition>
  readonly errorOnMissingKey: boolean
  readonly stores?: ReferenceStores | undefined
}

export interface Limits {
  readonly steps: number
  readonly outputBytes: number
  readonly depth: number
  /** Milliseconds by the clock that the scope gives. */
  readonly timeMs: number
}

/** Where a failure of the rendering is reported from: the frame that is being executed. */
export interface Failing {
  fail(...parts: readonly MessagePart[]): never
}

export interface RenderingOptions<Frame extends Failing> {
  readonly source: RenderingSource
  readonly functions: FunctionTable
  readonly environment: ReadonlyMap<string, string>
  readonly limits: Limits
  /** Milliseconds since the epoch, undefined where nobody told. */
  readonly now: number | undefined
  /** Milliseconds of some steady clock; without it time has no budget. */
  readonly clock: (() => number) | undefined
  readonly random: Randomness | undefined
  readonly secret: (request: SecretRequest) => SecretAnswer | undefined
  readonly local: (request: LocalRequest) => LocalAnswer | undefined
  /** Executes a definition and returns its output. */
  readonly execute: (frame: Frame, definition: Definition, dot: Value) => string
}

const redacted = '[redacted]'
/** Bytes that cost as much as one evaluated node. */
const bytesPerStep = 64
/** Asking for the time costs more than a node. */
const stepsBetweenLooks = 1000

export class Rendering<Frame extends Failing> {
  readonly source: RenderingSource
  readonly functions: FunctionTable
  readonly limits: Limits
  readonly #options: RenderingOptions<Frame>
  readonly #environment: ReadonlyMap<string, string>
  readonly #requests = new Map<string, SecretRequest>()
  readonly #missing = new Map<string, SecretRequest>()
  readonly #answers = new Map<string, ConcreteValue>()
  /** Keys of the requests that only optional references ask. */
  readonly #optional = new Set<string>()
  /** By the reference as it is written. */
  readonly #missingKeys = new Map<string, MissingKey>()
  readonly #locals = new Map<string, LocalRequest>()
  readonly #missingLocals = new Map<string, LocalRequest>()
  readonly #effects: FileEffect[] = []
  readonly #startedAt: number
  readonly #scratch = createScratch()
  #steps = 0
  #nextLook = stepsBetweenLooks
  /** True once an answer or an environment variable was handed out. */
  #hasRead = false

  constructor(options: RenderingOptions<Frame>) {
    this.#options = options
    this.source = options.source
    this.functions = options.functions
    this.limits = options.limits
    this.#startedAt = options.clock?.() ?? 0
    this.#environment = new Map(
      Array.from(options.environment, ([name, value]) => [toByteString(name), toByteString(value)]),
    )
  }

  /** All but the output. */
  get findings(): Omit<RenderResult, 'output'> {
    return {
      requests: [...this.#requests.values()],
      missing: [...this.#missing.values()],
      optional: this.#optional,
      missingKeys: [...this.#missingKeys.values()],
      isAbsent: false,
      locals: [...this.#locals.values()],
      missingLocals: [...this.#missingLocals.values()],
      effects: this.#effects,
    }
  }

  /** Whether a failure may come from something that is not there. */
  get lacksSomething(): boolean {
    return this.#missing.size + this.#missingLocals.size + this.#missingKeys.size > 0
  }

  spend(steps: number, frame: Frame): void {
    this.#steps += steps
    if (this.#steps >= this.#nextLook) this.#lookAtClock(frame)
    if (this.#steps <= this.limits.steps) return
    // The error itself must not spend again.
    this.#steps = Number.NEGATIVE_INFINITY
    frame.fail(`exceeded the budget of ${this.limits.steps} steps`)
  }

  #lookAtClock(frame: Frame): void {
    this.#nextLook = this.#steps + stepsBetweenLooks
    const elapsed = (this.#options.clock?.() ?? 0) - this.#startedAt
    if (elapsed <= this.limits.timeMs) return
    this.#nextLook = Number.POSITIVE_INFINITY
    frame.fail(`exceeded the budget of ${this.limits.timeMs} milliseconds`)
  }

  countOutput(bytes: number, frame: Frame): void {
    const { outputBytes } = this.limits
    if (bytes > outputBytes) frame.fail(`exceeded the budget of ${outputBytes} bytes of output`)
  }

  /** Charges for a function's result, which may grow faster than the number of calls. */
  chargeFor(result: Value, frame: Frame): void {
    if (typeof result !== 'string') return
    this.countOutput(result.length, frame)
    this.spend(Math.floor(result.length / bytesPerStep), frame)
  }

  /** `where` says which call it is for. */
  hostFor(frame: Frame, where: () => string): FunctionHost {
    return {
      secret: (question) => this.ask(question),
      stores: this.source.stores,
      local: (request) => this.#askLocally(request),
      write: (effect) => this.#effects.push({ ...effect, where: where() }),
      random: () => this.#random(),
      variable: (name) => this.#readVariable(name),
      now: () => this.#now(),
      scratch: this.#scratch,
      executeTemplate: (name, data) => {
        const definition = this.source.definitions.get(name)
        if (definition !== undefined) return this.#execute(frame, definition, data)
        throw new FunctionError(
          'template: no template ',
          { value: quote(name) },
          ` associated with template ${quote(this.source.name)}`,
        )
      },
    }
  }

  /** An error inside becomes part of the caller's, as in consul-template. */
  #execute(frame: Frame, definition: Definition, dot: Value): string {
    try {
      return this.#options.execute(frame, definition, dot)
    } catch (thrown) {
      if (!(thrown instanceof TemplateError)) throw thrown
      const message = toByteString(thrown.message)
      throw thrown.code === 'template_denied'
        ? new DeniedError(message)
        : new FunctionError(message)
    }
  }

  /** A value is shown only where no secret can be in it: nothing was read yet, or the template itself says it. */
  show(part: MessagePart): string {
    if (typeof part === 'string') return part
    const isPublic = !this.#hasRead || this.source.text.includes(part.value)
    return isPublic ? part.value : redacted
  }

  #now(): number {
    const { now } = this.#options
    if (now !== undefined) return now
    throw new FunctionError('the time is not known here')
  }

  #readVariable(name: string): string | undefined {
    this.#hasRead = true
    return this.#environment.get(name)
  }

  #random(): Randomness {
    const { random } = this.#options
    if (random !== undefined) return random
    throw new FunctionError('there is no randomness here')
  }

  #askLocally(request: LocalRequest): LocalAnswer | undefined {
    const key = localRequestKey(request)
    this.#locals.set(key, request)
    const answer = this.#options.local(request)
    if (answer === undefined) this.#missingLocals.set(key, request)
    // Addresses of interfaces are no secret.
    else if (request.kind !== 'interfaces') this.#hasRead = true
    return answer
  }

  /** Notes what the template is known to ask for although this rendering has not got there. */
  note({ request, reference }: SecretQuestion): void {
    const key = this.#enter(request, reference)
    if (!this.#answers.has(key)) this.#look(key, request, reference)
  }

  /** One answer is one value throughout, so that pointers to it are equal. What a reference picks out of it is a value of its own. */
  ask({ request, reference }: SecretQuestion): Value {
    const key = this.#enter(request, reference)
    const known = this.#answers.get(key)
    if (known !== undefined) return this.#pick(known, reference)
    const answer = this.#look(key, request, reference)
    if (answer === undefined) return undefined
    this.#hasRead = true
    if (answer === absentAnswer) return nothingFor(reference?.property)
    const value = fromAnswer(request, answer, this.#options.now)
    this.#answers.set(key, value)
    return this.#pick(value, reference)
  }

  #enter(request: SecretRequest, reference: AskedReference | undefined): string {
    const key = secretRequestKey(request)
    const isOptional = reference?.isOptional === true
    if (!isOptional) this.#optional.delete(key)
    if (this.#requests.has(key)) return key
    if (isOptional) this.#optional.add(key)
    this.#requests.set(key, request)
    return key
  }

  /** The answer, as far as the reference can do with it. */
  #look(
    key: string,
    request: SecretRequest,
    reference: AskedReference | undefined,
  ): SecretAnswer | undefined {
    const answer = this.#options.secret(request)
    const isUseless = answer === absentAnswer && reference?.isOptional !== true
    if (answer !== undefined && !isUseless) return answer
    this.#missing.set(key, request)
    return undefined
  }

  #pick(value: ConcreteValue, reference: AskedReference | undefined): Value {
    if (reference?.property === undefined) return value
    const { text, property, isOptional } = reference
    const picked = pickFrom(value, property)
    if (picked.kind === 'picked') return picked.value
    if (!isOptional && !this.#missingKeys.has(text)) {
      const isSpelt = this.source.text.includes(text)
      const shown = isSpelt ? text : `(computed by the template)#${this.show({ value: property })}`
      const { nearest } = picked
      const missing = {
        reference: fromByteString(shown),
        nearest: nearest && fromByteString(nearest),
      }
      this.#missingKeys.set(text, missing)
    }
    return nothingFor(property)
  }
}
