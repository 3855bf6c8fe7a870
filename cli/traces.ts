/** Spans of a command, where OpenTelemetry's variables ask for them. */
import { formatIssue } from '../core/issue.ts'
import type { Tracer } from '../core/tracing/recorder.ts'
import { type ReadTraces, readTraces } from '../core/tracing/trace-settings.ts'
import { createFailingMark, Traces } from '../core/tracing/traces.ts'
import { version } from '../core/version.ts'
import type { Terminal } from './terminal.ts'

/** How long a command waits at its end for a collector. */
const sendWithinMs = 1000

/** In place of a path: templates compute some of theirs from secrets. */
export const namesNothing = () => '(of a template)'

export interface CommandTraces {
  /** What the verb records with. */
  readonly tracer: Tracer
  /** Runs the verb as the root of its spans, sends them, and gives its exit code. */
  readonly run: (verb: string, work: () => Promise<number>) => Promise<number>
}

/** Undefined: nothing is traced. What is wrong with variables is told by verbs that ask stores. */
export function openTraces(terminal: Terminal): CommandTraces | undefined {
  const { variables } = terminal
  const read = readTraces({ service: 'claviger', resource: new Map() }, variables)
  const { settings, warnings } = read
  if (settings === undefined && warnings.length === 0) return undefined
  const traces = settings === undefined ? undefined : createTraces(settings, terminal)
  return {
    tracer: warnOnce(traces?.recorder ?? passing, warnings, terminal),
    run: async (verb, work) => {
      if (traces === undefined) return work()
      const code = await traces.recorder.runRoot(`claviger ${verb}`, work, (ended) => ({
        attributes: { 'process.exit.code': ended },
        error: ended === 0 ? undefined : String(ended),
      }))
      await traces.close(sendWithinMs)
      return code
    },
  }
}

const passing: Tracer = { run: (_, work) => work() }

function createTraces(
  settings: NonNullable<ReadTraces['settings']>,
  { variables, logger, clock }: Terminal,
): Traces {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate } = variables
  return new Traces(settings, {
    environment: variables,
    logger,
    clock: { now: clock.now, elapsed: () => performance.now() },
    userAgent: `claviger/${version}`,
    failing: createFailingMark(),
    parent: {
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(tracestate === undefined ? {} : { tracestate }),
    },
  })
}

function warnOnce(
  tracer: Tracer,
  warnings: ReadTraces['warnings'],
  { writeError }: Terminal,
): Tracer {
  const left = [...warnings]
  return {
    run: (operation, work) => {
      for (const issue of left.splice(0)) writeError(`claviger: ${formatIssue(issue)}\n`)
      return tracer.run(operation, work)
    },
  }
}
