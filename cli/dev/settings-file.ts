/** `config.json` of the data directory: mounts, roles and policies, each under the path by which the API names it. */
import { join } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { type JsonValue, parseJson, stringifyJson } from '../../core/json.ts'
import { readText, writeText } from './directory.ts'

export interface Settings {
  readonly get: (path: string) => JsonObject | undefined
  /** Written to the file before it returns. */
  readonly set: (path: string, value: JsonObject) => void
  readonly remove: (path: string) => void
  /** What follows `prefix` in the paths that start with it, sorted. */
  readonly list: (prefix: string) => readonly string[]
}

/** Errors: `input_invalid` when the file is no JSON object of objects, `write_failed`. */
export function openSettings(directory: string): Settings {
  const file = join(directory, 'config.json')
  const entries = new Map(readEntries(file))
  const save = () => writeText(file, `${stringifyJson(entries)}\n`)
  return {
    get: (path) => entries.get(path),
    set: (path, value) => {
      entries.set(path, value)
      save()
    },
    remove: (path) => {
      if (entries.delete(path)) save()
    },
    list: (prefix) =>
      Array.from(entries.keys())
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length))
        .sort(),
  }
}

function readEntries(file: string): readonly (readonly [string, JsonObject])[] {
  const text = readText(file)
  if (text === undefined) return []
  const parsed = parseFile(file, text)
  if (!(parsed instanceof Map)) throw unreadable(file)
  return Array.from(parsed, ([path, value]) => {
    if (!(value instanceof Map)) throw unreadable(file)
    return [path, value]
  })
}

/** Errors: `input_invalid`. */
export function parseFile(file: string, text: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    throw unreadable(file)
  }
}

function unreadable(path: string): AppError {
  return new AppError('input_invalid', { path, reason: 'not JSON as this program writes it' })
}
