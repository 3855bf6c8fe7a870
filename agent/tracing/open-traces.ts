/** The traces of an agent. */
import { systemClock } from '../../core/clock.ts'
import type { Environment } from '../../core/environment.ts'
import type { Logger } from '../../core/log.ts'
import type { TraceSettings } from '../../core/tracing/trace-settings.ts'
import { createFailingMark, Traces } from '../../core/tracing/traces.ts'
import { version } from '../../core/version.ts'
import { createFailingFile } from './failing-file.ts'

export interface AgentTracesInput {
  readonly settings: TraceSettings
  /** Of the agent's state; undefined where it is in memory. */
  readonly statePath: string | undefined
  readonly environment: Environment
  readonly logger: Logger
}

export function openTraces({ settings, statePath, environment, logger }: AgentTracesInput): Traces {
  return new Traces(settings, {
    environment,
    logger,
    clock: { now: systemClock.now, elapsed: () => Number(process.hrtime.bigint()) / 1e6 },
    userAgent: `claviger-agent/${version}`,
    failing:
      statePath === undefined ? createFailingMark() : createFailingFile(`${statePath}.traces`),
  })
}
