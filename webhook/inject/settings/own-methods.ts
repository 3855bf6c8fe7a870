/** The auth methods that our own agent knows, and what each of them needs to start. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'
import type { LoginSettings } from './login-settings.ts'

/** Method → the parameters it cannot do without, beside the role of those that show a ServiceAccount token. Source: agent/config. */
const ownMethods: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes', []],
  ['jwt', []],
  ['approle', ['role_id_file_path']],
  ['aws', ['type', 'role']],
  ['azure', ['role', 'resource']],
  ['cert', []],
  ['gcp', ['type', 'role']],
  ['ldap', ['username', 'password_file_path']],
  ['token_file', ['token_file_path']],
])

/** As the agent's configuration has it. Source: vault-k8s: every dash is an underscore. */
export function nameParameter(name: string): string {
  return name.replaceAll('-', '_')
}

/** `generated`: whether the agent's configuration is made of these settings. Problem codes: `annotation_value`, `annotation_missing`. */
export function checkOwnMethod(
  login: LoginSettings,
  reader: AnnotationReader,
  { generated }: { readonly generated: boolean },
): readonly Problem[] {
  const needed = ownMethods.get(login.type)
  if (needed === undefined) return describeUnknownMethod(reader)
  return generated ? findMissing(needed, login, reader) : []
}

function describeUnknownMethod(reader: AnnotationReader): readonly Problem[] {
  if (reader.isWrong(annotations.authType)) return []
  const known = [...ownMethods.keys()].map((name) => JSON.stringify(name)).join(', ')
  return [
    {
      code: 'annotation_value',
      path: reader.spell(annotations.authType.key),
      expected: `one of ${known}, which the Claviger agent knows`,
      hint: `other methods need a stock agent: ${reader.spell(annotations.flavour.key)} and its image`,
    },
  ]
}

function findMissing(
  needed: readonly string[],
  { type, role, parameters }: LoginSettings,
  reader: AnnotationReader,
): readonly Problem[] {
  const isGiven = (name: string) => (name === 'role' ? role : parameters.get(name))?.trim()
  return needed
    .filter((name) => !isGiven(name) && !reader.isWrong({ key: spellParameter(name) }))
    .map((name) => ({
      code: 'annotation_missing',
      path: reader.spell(spellParameter(name)),
      expected: `the parameter ${name} of ${type}`,
    }))
}

function spellParameter(name: string): string {
  if (name === 'role') return annotations.role.key
  return annotations.authConfig.key + name.replaceAll('_', '-')
}
