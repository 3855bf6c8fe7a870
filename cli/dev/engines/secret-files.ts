/** The files of one KV mount: one JSON document a secret, `kv/<mount>/<path>.json`, both percent-encoded. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode, toAppError } from '../../../core/errors.ts'
import type { JsonObject } from '../../../core/json.ts'
import { stringifyJson } from '../../../core/json.ts'
import { readText, writeText } from '../directory.ts'
import { Refusal } from '../exchange.ts'
import { compareTexts } from '../json.ts'
import { parseFile } from '../settings-file.ts'

export interface SecretFiles {
  readonly read: (path: string) => JsonObject | undefined
  /** Throws a 400 `Refusal` for a path too long for a file name. */
  readonly write: (path: string, document: JsonObject) => void
  readonly remove: (path: string) => void
  /** Names directly below `folder` (empty, or ending in a slash), sorted; a folder's name ends in a slash. */
  readonly list: (folder: string) => readonly string[]
}

/** What common file systems allow, less the ending of a file that is being written. */
const longestName = 240

/** `mount` ends in a slash. Errors: `input_invalid`, `write_failed`. */
export function openSecretFiles(dataDirectory: string, mount: string): SecretFiles {
  const directory = mountDirectory(dataDirectory, mount)
  const fileOf = (path: string) => join(directory, `${encodeName(path)}.json`)
  return {
    read: (path) => {
      const text = readText(fileOf(path))
      const document = text === undefined ? undefined : parseFile(fileOf(path), text)
      return document instanceof Map ? document : undefined
    },
    write: (path, document) => writeText(fileOf(path), `${stringifyJson(document)}\n`),
    remove: (path) => rmSync(fileOf(path), { force: true }),
    list: (folder) => {
      const below = listPaths(directory)
        .filter((path) => path.startsWith(folder))
        .map((path) => path.slice(folder.length).replace(/\/.*$/s, '/'))
      return Array.from(new Set(below)).sort(compareTexts)
    },
  }
}

/** `mount` ends in a slash. */
export function mountDirectory(dataDirectory: string, mount: string): string {
  return join(dataDirectory, 'kv', encodeName(mount.slice(0, -1)))
}

function listPaths(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => decodeURIComponent(name.slice(0, -'.json'.length)))
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return []
    throw toAppError(thrown, 'input_invalid', { path: directory })
  }
}

/** Slashes are encoded too, so that one path can be both a secret and a folder and none leads elsewhere. */
function encodeName(path: string): string {
  const name = encodeURIComponent(path.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/^\./, '%2E')
  if (name.length > longestName) throw new Refusal(400, 'the path is too long for a file name')
  return name
}
