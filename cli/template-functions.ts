/** `claviger template functions [NAME]`: the functions of templates, out of their reference. */
import { AppError } from '../core/errors.ts'
import type { FunctionEntry } from '../core/template/function-reference/entry.ts'
import { origins } from '../core/template/function-reference/entry.ts'
import { functionReference } from '../core/template/function-reference/reference.ts'
import { helperFunctions } from '../core/template/handlebars/helpers.ts'
import { nearestName } from '../core/template/nearest-name.ts'

/** All functions by origin, a signature a line; or one with its example. Throws `usage` for an unknown name, with the nearest. */
export function formatFunctions(name: string | undefined): string {
  if (name === undefined) return origins.map(formatOrigin).join('\n')
  const entry = functionReference.get(name) ?? functionReference.get(`sprig_${name}`)
  if (entry !== undefined) return formatEntry(entry)
  const nearest = nearestName(name, functionReference.keys())
  const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
  throw new AppError('usage', { expected: 'the name of a function', ...hint })
}

function formatOrigin(origin: FunctionEntry['origin']): string {
  const lines = Array.from(functionReference.values())
    .filter((entry) => entry.origin === origin)
    .map(({ signature }) => `  ${signature}\n`)
  return `${origin}\n${lines.join('')}`
}

function formatEntry({ name, signature, example, output, origin }: FunctionEntry): string {
  const engines = helperFunctions.has(name) ? 'go, handlebars' : 'go'
  const rendered = output === undefined ? 'differs each time' : JSON.stringify(output)
  return `${signature}

origin   ${origin}
engines  ${engines}
example  ${example}
renders  ${rendered}
`
}
