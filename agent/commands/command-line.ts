/** How the words of a configured command become a program. Source: consul-template's child. */
import type { ProgramConfig } from '../config/agent-config.ts'

export interface CommandLine {
  readonly program: string
  readonly words: readonly string[]
}

/** A single word with white space in it is a line for a shell; anything else is started as it is. */
export function toCommandLine(words: ProgramConfig['words']): CommandLine {
  const [program = '', ...others] = words
  const isLine = others.length === 0 && /\s/.test(program.trim())
  return isLine ? { program: 'sh', words: ['-c', program] } : { program, words: others }
}
