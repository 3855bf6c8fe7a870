/** The command line and the environment of vault-k8s' injector as settings. */
import { type Conversion, type ConvertOptions, joinConversions, keep, lose } from './conversion.ts'
import { listDefaults } from './stock-defaults.ts'
import { convertFlag, convertVariable, takesNoValue } from './stock-flags.ts'

export interface InjectorCommand {
  /** What follows `agent-inject`. */
  readonly args: readonly string[]
  /** In their order; what vault-k8s does not read is carried over as it is. */
  readonly variables: readonly (readonly [name: string, value: string])[]
}

/** Set by every Deployment of the injector for itself, and by ours where it needs them. */
const ownVariables = ['NAMESPACE', 'POD_NAME']

/** Flags first, then variables, which beat them. */
export function readCommand(
  { args, variables }: InjectorCommand,
  options: ConvertOptions,
): Conversion {
  return joinConversions([
    listDefaults(options),
    ...readArguments(args, options),
    ...variables.map(([name, value]) => readVariable(name, value, options)),
  ])
}

export function readVariable(name: string, value: string, options: ConvertOptions): Conversion {
  const converted = convertVariable(name, value, options)
  if (converted !== undefined) return converted
  if (ownVariables.includes(name)) return lose(name, 'the chart sets it where it is needed')
  const path = `injector.extraEnvironmentVars.${name}`
  return keep({ kind: 'value', from: name, path, value })
}

/** Source: Go's flag package, which ends at the first word that is no flag. */
function readArguments(args: readonly string[], options: ConvertOptions): readonly Conversion[] {
  const conversions: Conversion[] = []
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? ''
    // vault-helm's chart passes a shell redirection as an argument, where it means nothing.
    if (argument === '2>&1') continue
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument)
    if (match === null) {
      const reason = 'it is no flag, and vault-k8s reads nothing behind it'
      return [...conversions, lose(`argument ${index + 1}`, reason)]
    }
    const [, name = '', inline] = match
    const value = inline ?? (takesNoValue(name) ? 'true' : args[++index])
    conversions.push(
      value === undefined
        ? lose(`-${name}`, 'its value is missing')
        : convertFlag(name, value, options),
    )
  }
  return conversions
}
