/** OpenTelemetry's SDK in a bundle of its own: makes spans of what was recorded, and of them the body of a request. */
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { RecordedSpan } from './recorder.ts'
import type { SamplerChoice } from './trace-settings.ts'

export interface EncoderOptions {
  /** `service.name` and the like. */
  readonly resource: Readonly<Record<string, string>>
  readonly sampler: SamplerChoice
  /** Version of the program. */
  readonly version: string
  /** W3C's `traceparent` and `tracestate` of what roots belong to; empty where they belong to nothing. */
  readonly parent: Readonly<Record<string, string>>
}

/** The event of one secret that could not be read, with `claviger.secret.references` and `error.type`. */
const failureEvent = 'secret_failed'

/** The JSON of OTLP; undefined where none of the spans is sampled. Spans whose root came earlier find it again. */
export type EncodeSpans = (spans: readonly RecordedSpan[]) => Uint8Array | undefined

export function createEncoder(options: EncoderOptions): EncodeSpans {
  const sampled = new SampledSpans()
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ ...options.resource })),
    sampler: createSampler(options.sampler),
    spanProcessors: [sampled],
  })
  const tracer = provider.getTracer('claviger', options.version)
  const propagator = new W3CTraceContextPropagator()
  const outside = propagator.extract(ROOT_CONTEXT, options.parent, defaultTextMapGetter)
  const roots = new WeakMap<object, Context>()
  return (spans) => {
    for (const span of spans.filter(({ root }) => root === undefined)) {
      const made = begin(tracer, span, outside)
      roots.set(span.identity, trace.setSpan(outside, made))
      end(made, span)
    }
    for (const span of spans) {
      if (span.root === undefined) continue
      end(begin(tracer, span, roots.get(span.root) ?? outside), span)
    }
    const ended = sampled.take()
    return ended.length === 0 ? undefined : JsonTraceSerializer.serializeRequest(ended)
  }
}

function begin(tracer: Tracer, { name, kind, startedAt }: RecordedSpan, parent: Context): Span {
  const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT }
  return tracer.startSpan(name, { kind: kinds[kind], startTime: startedAt }, parent)
}

function end(made: Span, { attributes, error, failures = [], endedAt }: RecordedSpan): void {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    made.setAttribute(name, typeof value === 'object' ? [...value] : value)
  }
  for (const { reference, code } of failures) {
    const facts = { 'claviger.secret.references': [reference], 'error.type': code }
    made.addEvent(failureEvent, facts, endedAt)
  }
  if (error !== undefined) {
    made.setAttribute('error.type', error)
    made.setStatus({ code: SpanStatusCode.ERROR, message: error })
  }
  made.end(endedAt)
}

function createSampler({ name, ratio }: SamplerChoice): Sampler {
  const root = name.endsWith('always_off')
    ? new AlwaysOffSampler()
    : name.endsWith('always_on')
      ? new AlwaysOnSampler()
      : new TraceIdRatioBasedSampler(ratio)
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

class SampledSpans implements SpanProcessor {
  #spans: ReadableSpan[] = []

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#spans.push(span)
  }

  take(): ReadableSpan[] {
    const taken = this.#spans
    this.#spans = []
    return taken
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
