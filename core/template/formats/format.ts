/** The formats a secret is written in without a template. */
import { FunctionError } from '../functions/function.ts'
import { toGoJson } from '../go-json.ts'
import { toToml } from '../toml.ts'
import type { Value } from '../values.ts'
import type { FormatName } from '../vocabulary.ts'
import { toYaml } from '../yaml/emitter.ts'
import { renderDotenv } from './dotenv.ts'
import { membersOf } from './members.ts'
import { renderProperties } from './properties.ts'
import { scalarText } from './scalar-text.ts'
import { renderEnv } from './shell.ts'

/** A map of the secret's data to the file's bytes, as byte string. Throw `FunctionError` for what the format has no form for. */
export const formats: Readonly<Record<FormatName, (data: Value) => string>> = {
  env: renderEnv,
  dotenv: renderDotenv,
  json: (data) => `${toGoJson(data, { escapesHtml: false, indent: '  ' })}\n`,
  yaml: toYaml,
  properties: renderProperties,
  toml: toToml,
  raw: renderRaw,
}

/** The bytes of the member `value`, or of the only one there is, and nothing else. */
function renderRaw(data: Value): string {
  const members = membersOf(data)
  const [only] = members
  const chosen =
    members.find(({ key }) => key === 'value') ?? (members.length === 1 ? only : undefined)
  if (chosen !== undefined) return scalarText(chosen.value)
  throw new FunctionError(
    `raw writes one value, and the secret has ${members.length} keys of which none is "value"`,
  )
}
