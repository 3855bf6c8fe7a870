/** A signal to a process of the pod, for images without a shell. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { AppError, systemCode } from '../../core/errors.ts'
import type { SignalConfig } from '../config/agent-config.ts'

/**
 * Undefined when every process of that name got it. Others of the pod are seen only where it shares its process namespace, and
 * reached only as the same user. Errors: `command_failed`.
 */
export function sendSignal({ signal, process: name }: SignalConfig): AppError | undefined {
  const pids = findProcesses(name)
  if (pids.length === 0) return failure(name, 'there is no such process')
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (thrown) {
      if (systemCode(thrown) === 'EPERM') return failure(name, 'it belongs to another user')
      if (systemCode(thrown) !== 'ESRCH') throw thrown
    }
  }
  return undefined
}

function failure(name: string, reason: string): AppError {
  return new AppError('command_failed', { process: name, reason })
}

/** By the first word of the command line, else by the name that the kernel keeps. */
function findProcesses(name: string): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && nameOf(pid) === name)
}

function nameOf(pid: number): string {
  const [program = ''] = readProc(pid, 'cmdline').split('\0')
  return program === '' ? readProc(pid, 'comm').trim() : basename(program)
}

/** Empty for a process that has just ended. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
