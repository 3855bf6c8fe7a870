/** `claviger completion`: the script that completes verbs, flags and their words. */
import { type FlagTable, formatFlags, type ParsedFlags, parseMixedFlags } from '../core/go-flags.ts'
import { describeChoice } from './choice.ts'
import { type CompletionVerb, formatCompletion, shells } from './completion.ts'
import { createRun, refuseUsage, type Terminal, type Verb } from './terminal.ts'

const flagTable = {
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger completion ${shells.join('|')}

Prints a script that completes verbs, flags, their words and files.

Examples:
  source <(claviger completion bash)
  claviger completion zsh > "\${fpath[1]}/_claviger"
  claviger completion fish > ~/.config/fish/completions/claviger.fish

Flags:
${formatFlags(flagTable)}
`

/** `loadVerbs` gives all verbs, this one included. */
export function createCompletionVerb(loadVerbs: () => Promise<readonly CompletionVerb[]>): Verb {
  const run = async (
    { rest }: ParsedFlags<typeof flagTable>,
    terminal: Terminal,
  ): Promise<number> => {
    const [given = '', ...more] = rest
    const shell = shells.find((name) => name === given)
    if (shell === undefined || more.length > 0) {
      return refuseUsage([describeChoice('completion', given, shells)], terminal)
    }
    terminal.write(formatCompletion(shell, await loadVerbs()))
    return 0
  }
  const parse = (words: readonly string[]) => parseMixedFlags(flagTable, words, {})
  return { run: createRun({ help, parse, run }), flags: flagTable, words: shells }
}
