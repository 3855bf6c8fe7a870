/** The texts that an agent is configured with, apart from its environment: from their files, or as they were when they last served. */
import { readFileSync } from 'node:fs'
import type { Parsed } from '../../core/issue.ts'
import { type ConfigFile, listFiles, readConfigFiles } from '../config/config-files.ts'
import { markFile } from './file-marks.ts'

export interface TextSource {
  /** Of the paths that `-config` names. */
  readonly configFiles: (paths: readonly string[]) => Parsed<readonly ConfigFile[]>
  /** Of a template. System errors as they are. */
  readonly template: (path: string) => Buffer
}

export interface Texts {
  readonly config: readonly ConfigFile[]
  /** Path → the bytes of a template. */
  readonly templates: ReadonlyMap<string, Buffer>
  /** Everything that was looked at: path → its mark just before. */
  readonly marks: ReadonlyMap<string, string>
}

export const noTexts: Texts = { config: [], templates: new Map(), marks: new Map() }

/** Reads files and remembers what it read. */
export class TextReader implements TextSource {
  #config: readonly ConfigFile[] = []
  readonly #templates = new Map<string, Buffer>()
  readonly #marks = new Map<string, string>()

  get texts(): Texts {
    return { config: this.#config, templates: this.#templates, marks: this.#marks }
  }

  readonly configFiles = (paths: readonly string[]): Parsed<readonly ConfigFile[]> => {
    for (const path of paths) {
      this.#mark(path)
      for (const file of filesOf(path)) this.#mark(file)
    }
    const read = readConfigFiles(paths)
    if (read.kind === 'ok') this.#config = read.value
    return read
  }

  readonly template = (path: string): Buffer => {
    this.#mark(path)
    const bytes = readFileSync(path)
    this.#templates.set(path, bytes)
    return bytes
  }

  /** Before the file is read, so that no change falls in between. */
  #mark(path: string): void {
    if (!this.#marks.has(path)) this.#marks.set(path, markFile(path))
  }
}

function filesOf(path: string): readonly string[] {
  try {
    return listFiles(path)
  } catch {
    return []
  }
}

/** What no file is read for again. A template that was not there then is looked for as ever. */
export function replayTexts({ config, templates }: Texts): TextSource {
  return {
    configFiles: () => ({ kind: 'ok', value: config }),
    template: (path) => templates.get(path) ?? readFileSync(path),
  }
}
