/** values.schema.json, and the table of values in README.md, out of the chart's values.yaml. */
import { type Schema, valueTypes } from './value-types.ts'
import type { Value } from './values-file.ts'

export function renderSchema(values: readonly Value[]): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Claviger chart',
    ...describeSection(values),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** A Markdown table, one row a value. */
export function renderTable(values: readonly Value[]): string {
  const rows = listLeaves(values).map(({ path, default: value, description }) =>
    [`\`${path.join('.')}\``, `\`${JSON.stringify(value)}\``, description]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  )
  return [
    '| Value | Default | Meaning |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

function listLeaves(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) =>
    value.members.length === 0 ? [value] : listLeaves(value.members),
  )
}

function describeSection(values: readonly Value[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(values.map((value) => [value.path.at(-1), describe(value)])),
    additionalProperties: false,
  }
}

function describe({ path, type, default: value, members }: Value): Schema {
  if (members.length > 0) return describeSection(members)
  if (type !== undefined) {
    const schema = valueTypes[type]
    if (schema === undefined) throw new RangeError(`${path.join('.')}: there is no type ${type}`)
    return schema
  }
  if (typeof value === 'string' || typeof value === 'boolean') return { type: typeof value }
  throw new RangeError(`${path.join('.')}: its default does not say what it may be; name an @type`)
}
