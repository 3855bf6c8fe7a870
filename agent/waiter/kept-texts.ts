/** The texts that last served, beside the state: what an agent that was started again goes on with, whatever has become of their files. */
import { readFileSync } from 'node:fs'
import { replaceFile } from '../../core/atomic-write.ts'
import { isObject, type PlainObject } from '../../core/plain-object.ts'
import type { Texts } from './texts.ts'

/** Raised whenever an older agent could misread the file. */
const version = 1

/** Undefined where there is none that can be used. */
export function readKeptTexts(path: string): Texts | undefined {
  try {
    return parseTexts(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // The files themselves are read instead.
    return undefined
  }
}

/** Mode 0600: a configuration may hold keys. System errors as they are. */
export function keepTexts(path: string, { config, templates, marks }: Texts): void {
  const text = JSON.stringify({
    version,
    config: config.map(({ path: name, text: content }) => [name, content]),
    templates: Array.from(templates, ([name, bytes]) => [name, bytes.toString('base64')]),
    marks: [...marks],
  })
  replaceFile(path, Buffer.from(text), 0o600)
}

function parseTexts(json: unknown): Texts | undefined {
  if (!isObject(json) || json['version'] !== version) return undefined
  return {
    config: readPairs(json, 'config').map(([path, text]) => ({ path, text })),
    templates: new Map(
      readPairs(json, 'templates').map(([path, text]) => [path, Buffer.from(text, 'base64')]),
    ),
    marks: new Map(readPairs(json, 'marks')),
  }
}

/** Throws for what this agent did not write. */
function readPairs(json: PlainObject, name: string): readonly (readonly [string, string])[] {
  const pairs = json[name]
  if (!Array.isArray(pairs)) throw new TypeError(name)
  return pairs.map((pair: unknown) => {
    const [path, text]: readonly unknown[] = Array.isArray(pair) ? pair : []
    if (typeof path !== 'string' || typeof text !== 'string') throw new TypeError(name)
    return [path, text] as const
  })
}
