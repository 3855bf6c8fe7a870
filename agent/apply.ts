/** Does with the file system what a step asked for. */
import { rmSync } from 'node:fs'
import { type AppError, toAppError } from '../core/errors.ts'
import { writeGeneration } from '../core/files/write-generation.ts'
import { errorFields, type Logger } from '../core/log.ts'
import { writeLocalFile } from '../core/machine/write-file.ts'
import type { AgentConfig } from './config/agent-config.ts'
import type { FileWrite } from './step/file-write.ts'
import type { StepResult } from './step/step.ts'

export interface Applied {
  /** Destinations that did not hold their bytes and now do. */
  readonly changed: ReadonlySet<string>
  /** Destination → why it could not be written, for files and for what templates write by themselves. */
  readonly failed: ReadonlyMap<string, AppError>
}

export type ApplyStep = (
  logger: Logger,
  wanted: Pick<StepResult, 'writes' | 'effects' | 'removals'>,
) => Applied

/** A group that cannot be written keeps no other from being written. */
export function createApply(config: () => AgentConfig): ApplyStep {
  return (logger, { writes, effects, removals }) => {
    const changed = new Set<string>()
    const failed = new Map<string, AppError>()
    const attempt = (paths: readonly string[], work: () => void) => {
      try {
        work()
      } catch (thrown) {
        const error = toAppError(thrown, 'write_failed', { path: paths.join(', ') })
        logger.error('file not written', errorFields(error))
        for (const path of paths) failed.set(path, error)
      }
    }
    const { own, templates, sinks } = config()
    const { generations } = own
    const kept = [
      ...templates.map(({ destination }) => destination),
      ...sinks.map(({ path }) => path),
    ]
    for (const group of groupWrites(writes, generations)) {
      const paths = group.map(({ destination }) => destination)
      attempt(paths, () => {
        for (const path of writeGeneration(group.map(toContent), { generations, kept })) {
          changed.add(path)
          logger.info('file written', { path, bytes: sizeOf(group, path) })
        }
      })
    }
    for (const { destination, effects: wanted, policy } of effects) {
      attempt([destination], () => {
        for (const effect of wanted) writeLocalFile(effect, policy)
        logger.info('files of a template written', { count: wanted.length })
      })
    }
    for (const path of removals) {
      attempt([path], () => {
        rmSync(path, { force: true })
        logger.warn('file removed, its secrets are too old', { path })
      })
    }
    return { changed, failed }
  }
}

/** Of several contents for one destination the last counts. Files of one secret, and all files of a directory that switches as a whole. */
function groupWrites(
  writes: readonly FileWrite[],
  generations: readonly string[],
): readonly (readonly FileWrite[])[] {
  const groups = new Map<string, FileWrite[]>()
  const last = new Map(writes.map((write) => [write.destination, write]))
  for (const write of last.values()) {
    const directory = generations.find((each) => write.destination.startsWith(`${each}/`))
    const key = directory ?? write.group
    groups.set(key, [...(groups.get(key) ?? []), write])
  }
  return [...groups.values()]
}

function toContent({ destination: path, bytes, file: options }: FileWrite) {
  return { path, bytes, options }
}

function sizeOf(group: readonly FileWrite[], path: string): number | undefined {
  return group.find(({ destination }) => destination === path)?.bytes.length
}
