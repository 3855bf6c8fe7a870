/** What a conversion is held to in tests. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import type { Conversion, ConvertOptions } from '../../cli/convert/conversion.ts'
import { readValues } from '../../cli/convert/read-values.ts'

export const options: ConvertOptions = {
  keepsBehaviour: false,
  release: 'vault',
  namespace: 'vault',
}

export const chartSchema = JSON.parse(readFileSync('charts/claviger/values.schema.json', 'utf8'))
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(chartSchema)

/** What the chart's schema has against `values`. */
export function listSchemaProblems(values: unknown): readonly unknown[] {
  validate(values)
  return validate.errors ?? []
}

export function convertValues(values: unknown, given = options): Conversion {
  const conversion = readValues(values, given)
  if (conversion === undefined) throw new Error('no values')
  return conversion
}

export function listLost({ remarks }: Pick<Conversion, 'remarks'>): readonly string[] {
  return remarks.filter(({ kind }) => kind === 'lost').map(({ from }) => from)
}
