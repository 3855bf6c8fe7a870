/** Manifests from files, directories and standard input. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, toAppError } from '../../core/errors.ts'

export interface ManifestSource {
  /** As it was given, or below the directory that was given; `<stdin>` for standard input. */
  readonly path: string
  readonly text: string
}

export const standardInput = '<stdin>'

/** A directory stands for the .yaml, .yml and .json files in and below it, by name. Throws `input_invalid`. */
export async function readSources(
  paths: readonly string[],
  input: AsyncIterable<string>,
): Promise<readonly ManifestSource[]> {
  const sources: ManifestSource[] = []
  for (const path of paths) {
    if (path === '-') sources.push({ path: standardInput, text: await readAll(input) })
    else for (const file of listFiles(path)) sources.push({ path: file, text: readText(file) })
  }
  return sources
}

function listFiles(path: string): readonly string[] {
  if (!isDirectory(path)) return [path]
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/i.test(name))
    .map((name) => join(path, name))
    .filter((file) => !isDirectory(file))
    .toSorted()
  if (files.length > 0) return files
  throw new AppError('input_invalid', { path, reason: 'no .yaml, .yml or .json file in it' })
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

async function readAll(input: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of input) text += chunk
  return text
}
