/** Completion scripts, made from the tables of verbs and flags. */
import type { FlagTable } from '../core/go-flags.ts'

export interface CompletionVerb {
  readonly name: string
  readonly summary: string
  readonly flags: FlagTable
  readonly words: readonly string[]
  readonly takesFiles: boolean
}

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** A script to be sourced: verbs first, then each verb's flags, the words they take, and files where it takes files. */
export function formatCompletion(shell: Shell, verbs: readonly CompletionVerb[]): string {
  switch (shell) {
    case 'bash':
      return formatBash(verbs)
    case 'zsh':
      return formatZsh(verbs)
    case 'fish':
      return formatFish(verbs)
  }
}

interface CompletionFlag {
  readonly name: string
  readonly help: string
  readonly takesValue: boolean
  /** Words of a closed set: the argument is shown as `a|b|c`. */
  readonly choices: readonly string[]
}

function listFlags(flags: FlagTable): readonly CompletionFlag[] {
  return Object.entries(flags).map(([name, { kind, help, argument = '' }]) => ({
    name,
    help: help.replace(/[`'"\\$[\]:]/g, ''),
    takesValue: kind !== 'boolean',
    choices: argument.includes('|') ? argument.split('|') : [],
  }))
}

function spell({ name, takesValue }: CompletionFlag): string {
  return takesValue ? `--${name}=` : `--${name}`
}

/** `--flag=` is one word to the user and three to bash. */
function formatBash(verbs: readonly CompletionVerb[]): string {
  const cases = verbs.map(({ name, flags, words, takesFiles }) => {
    const listed = listFlags(flags)
    const choices = listed
      .filter((flag) => flag.choices.length > 0)
      .map((flag) => `      --${flag.name}|-${flag.name}) values='${flag.choices.join(' ')}' ;;`)
    return `    ${name})
      flags='${listed.map(spell).join(' ')}'
      words='${words.join(' ')}'
      files=${takesFiles ? 'yes' : ''}
      case "$option" in
${[...choices, '      *) ;;'].join('\n')}
      esac
      ;;`
  })
  return `# bash completion of claviger: source <(claviger completion bash)
_claviger() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  local option='' flags='' words='' files='' values=''
  if [ "$current" = '=' ]; then option="$previous" current=''
  elif [ "$previous" = '=' ]; then option="\${COMP_WORDS[COMP_CWORD - 2]}"
  else option="$previous"
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '${verbs.map(({ name }) => name).join(' ')} --help --version' -- "$current")
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) return ;;
  esac
  if [ -n "$values" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
  elif [[ "$current" = --* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
    [[ "\${COMPREPLY[0]}" = *= ]] && compopt -o nospace 2> /dev/null
  elif [[ "$current" = -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "\${flags//--/-}" -- "$current")
    [[ "\${COMPREPLY[0]}" = *= ]] && compopt -o nospace 2> /dev/null
  elif [ -n "$words" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    [[ "\${COMPREPLY[0]}" = *: ]] && compopt -o nospace 2> /dev/null
  elif [ -n "$files" ] || [ "$previous" = '=' ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  return 0
}
complete -F _claviger claviger
`
}

function formatZsh(verbs: readonly CompletionVerb[]): string {
  const summaries = verbs.map(
    ({ name, summary }) => `    '${name}:${summary.replace(/[`'":]/g, '')}'`,
  )
  const cases = verbs.map(({ name, flags, words, takesFiles }) => {
    const specs = listFlags(flags).map((flag) => {
      const value = flag.choices.length > 0 ? `:value:(${flag.choices.join(' ')})` : ':value:_files'
      return `'*--${flag.name}${flag.takesValue ? '=' : ''}[${flag.help}]${flag.takesValue ? value : ''}'`
    })
    const bare =
      words.length > 0 ? `'*:word:(${words.join(' ')})'` : takesFiles ? "'*:file:_files'" : "'*: :'"
    return `    ${name}) _arguments ${[...specs, bare].map((spec) => `\\\n      ${spec}`).join(' ')} ;;`
  })
  return `#compdef claviger
# zsh completion of claviger: source <(claviger completion zsh)
_claviger() {
  local -a verbs=(
${summaries.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$verb" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = '_claviger' ]; then _claviger "$@"; else compdef _claviger claviger; fi
`
}

function formatFish(verbs: readonly CompletionVerb[]): string {
  const lines = verbs.flatMap(({ name, summary, flags, words, takesFiles }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`
    const listed = listFlags(flags).map((flag) => {
      const value =
        flag.choices.length > 0
          ? ` -x -a '${flag.choices.join(' ')}'`
          : flag.takesValue
            ? ' -r'
            : ''
      return `complete -c claviger ${within} -l ${flag.name}${value} -d '${flag.help}'`
    })
    return [
      `complete -c claviger -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", '')}'`,
      ...listed,
      ...(words.length > 0 ? [`complete -c claviger ${within} -a '${words.join(' ')}'`] : []),
      ...(takesFiles ? [`complete -c claviger ${within} -F`] : []),
    ]
  })
  return [
    '# fish completion of claviger: claviger completion fish | source',
    'complete -c claviger -f',
    ...lines,
    '',
  ].join('\n')
}
