/** `claviger completion`: the script that completes verbs, flags and their words. */
import { type FlagTable, formatFlags, parseMixedFlags } from '../core/go-flags.ts'
import { describeChoice } from './choice.ts'
import { type CompletionVerb, formatCompletion, shells } from './completion.ts'
import { type RunVerb, refuseUsage, type Verb } from './terminal.ts'

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
  const run: RunVerb = async (words, terminal) => {
    const parsed = parseMixedFlags(flagTable, words, {})
    if (parsed.kind === 'issues') return refuseUsage(parsed.issues, terminal)
    if (parsed.value.flags.help === true) {
      terminal.write(help)
      return 0
    }
    const [given = '', ...more] = parsed.value.rest
    const shell = shells.find((name) => name === given)
    if (shell === undefined || more.length > 0) {
      return refuseUsage([describeChoice('completion', given, shells)], terminal)
    }
    terminal.write(formatCompletion(shell, await loadVerbs()))
    return 0
  }
  return { run, flags: flagTable, words: shells }
}
