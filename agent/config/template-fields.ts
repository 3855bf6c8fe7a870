/** The `template` blocks: as consul-template decodes them, without the tolerance of the other blocks. */
import { parseDuration } from '../../core/duration.ts'
import { JsonNumber } from '../../core/json.ts'
import type {
  CommandConfig,
  FileOptions,
  ProgramConfig,
  StalenessConfig,
  TemplateConfig,
} from './agent-config.ts'
import type { Fields } from './fields.ts'
import { parseMilliseconds, parseWhole } from './scalars.ts'
import { readSignal } from './signal-field.ts'
import { readBody, readText } from './template-body.ts'

const commandTimeoutMs = 30_000

export function readTemplate(template: Fields): TemplateConfig {
  return {
    destination: template.text('destination') ?? '',
    body: readBody(template),
    ...readText(template),
    file: readFile(template),
    command: readCommand(template),
    optional: template.flag('optional') ?? false,
    wait: readWait(template),
    staleness: readStaleness(template),
  }
}

function readFile(template: Fields): FileOptions {
  return {
    // Vault Agent keeps nothing but the bits of permission.
    mode: (template.mode('perms') ?? 0) & 0o777 || undefined,
    createDirectories: template.strictFlag('create_dest_dirs') ?? true,
    user: template.text('user') || readId(template, 'uid'),
    group: template.text('group') || readId(template, 'gid'),
    backup: template.strictFlag('backup') ?? false,
  }
}

/** A negative number leaves the owner as it is. */
function readId(template: Fields, key: string): string | undefined {
  const id = template.parsed(key, 'a number, without quotes', (value) =>
    value instanceof JsonNumber ? parseWhole(value) : undefined,
  )
  return id === undefined || id < 0 ? undefined : String(id)
}

/** One of `exec`, `command` and Claviger's own `signal_process`. */
function readCommand(template: Fields): CommandConfig | undefined {
  const program = readProgram(template)
  const signal = readSignal(template, 'signal') ?? 'SIGHUP'
  const process = template.text('signal_process') ?? ''
  if (process === '') {
    if (template.has('signal')) {
      template.report('signal_process', 'the name of the program that gets the signal')
    }
    return program
  }
  if (process.includes('/')) template.report('signal_process', 'a name without a directory')
  if (program !== undefined) template.report('signal_process', 'none beside a command')
  return { signal, process }
}

/** `exec`, else the older `command`, whose text is cut at commas. */
function readProgram(template: Fields): ProgramConfig | undefined {
  const exec = template.block('exec')
  const words = [readWords(exec, 'command'), readWords(template, 'command')].find(
    (list) => list.length > 0,
  )
  const timeoutMs = readDuration(exec, 'timeout') || readDuration(template, 'command_timeout')
  return words === undefined ? undefined : { words, timeoutMs: timeoutMs || commandTimeoutMs }
}

function readWords(block: Fields, key: string): readonly string[] {
  const texts = block.parsed(key, 'a list of strings, or one string', (value) => {
    if (typeof value === 'string') return value === '' ? [] : value.split(',')
    const list = Array.isArray(value) ? value : undefined
    const words = list?.filter((word) => typeof word === 'string')
    return words?.length === list?.length ? words : undefined
  })
  return texts ?? []
}

/** With a unit; a number would be nanoseconds for Vault Agent, whatever was meant. */
function readDuration(block: Fields, key: string): number | undefined {
  return block.parsed(key, 'a duration with its unit, such as "30s"', (value) => {
    if (value instanceof JsonNumber) {
      block.warn(key, 'a duration in quotes, with its unit', {
        got: value.text,
        hint: 'it is read as seconds',
      })
      return parseMilliseconds(value)
    }
    return typeof value === 'string' ? parseWithUnit(value) : undefined
  })
}

function parseWithUnit(text: string): number | undefined {
  if (/^\d+$/.test(text) && text !== '0') return undefined
  const parsed = parseDuration(text, '')
  return parsed.kind === 'ok' ? parsed.value : undefined
}

/** A block with `min` and `max`, or `"min:max"`; without a `max` four times `min`. */
function readWait(template: Fields): TemplateConfig['wait'] {
  if (!template.has('wait')) return undefined
  const { minMs, maxMs } = template.isText('wait')
    ? readWaitText(template)
    : readWaitBlock(template)
  if (!minMs) return undefined
  return { minMs, maxMs: maxMs || 4 * minMs }
}

interface WaitBounds {
  readonly minMs: number | undefined
  readonly maxMs: number | undefined
}

function readWaitText(template: Fields): WaitBounds {
  const bounds = template.parsed('wait', 'a duration, or two as "min:max"', (value) => {
    const parts = typeof value === 'string' ? value.split(':').map(parseWithUnit) : []
    const [minMs, maxMs] = parts
    const isRight = parts.length <= 2 && !parts.includes(undefined)
    return isRight && (maxMs === undefined || Number(minMs) <= maxMs) ? { minMs, maxMs } : undefined
  })
  return bounds ?? { minMs: undefined, maxMs: undefined }
}

/** Vault Agent reads a `max` below `min` without a word. */
function readWaitBlock(template: Fields): WaitBounds {
  const wait = template.block('wait')
  const minMs = readDuration(wait, 'min')
  const maxMs = readDuration(wait, 'max')
  if (!minMs || !maxMs || maxMs >= minMs) return { minMs, maxMs }
  wait.warn('max', 'no less than min', { hint: 'min is taken for both' })
  return { minMs, maxMs: minMs }
}

/** Claviger's own keys. */
function readStaleness(template: Fields): StalenessConfig | undefined {
  const maxMs = template.duration('max_stale')
  const action = template.choice('max_stale_action', ['keep', 'remove', 'exit'])
  if (template.has('max_stale_action') && !template.has('max_stale')) {
    template.report('max_stale', 'a duration beside max_stale_action')
  }
  if (maxMs === undefined) return undefined
  if (maxMs === 0) template.report('max_stale', 'a duration above 0')
  return { maxMs, action: action ?? 'keep' }
}
