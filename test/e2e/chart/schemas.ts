/** What versions of Kubernetes take, as scripts/chart/fetch-schemas.ts has written it down. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Ajv, type ValidateFunction } from 'ajv'
import { repository } from '../settings.ts'
import { admissionPolicy, type Rendered } from './render.ts'

const folder = join(repository, 'test/e2e/fixtures/kubernetes')
const files = readdirSync(folder).map((file) => file.replace('.json.gz', ''))

export const versions = files.filter((name) => name.startsWith('v'))

const read = (name: string) =>
  JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString())

const options = { allErrors: true, strict: false }

/** The kind of an object → what its schema has against it. */
export function openSchemas(version: string): ReadonlyMap<string, ValidateFunction> {
  const { kinds, definitions } = read(version)
  const ajv = new Ajv(options)
  ajv.addSchema({ $id: version, definitions })
  return new Map([
    ...Object.entries(kinds).map(([kind, $ref]): [string, ValidateFunction] => [
      kind,
      ajv.compile({ $ref: `${version}${$ref}` }),
    ]),
    ...Object.entries<object>(read('extensions')).map(
      ([kind, schema]): [string, ValidateFunction] => [kind, ajv.compile(schema)],
    ),
  ])
}

/** As `helm template --api-versions` takes it. */
export function listApiVersions(schemas: ReadonlyMap<string, ValidateFunction>): readonly string[] {
  return schemas.has(admissionPolicy) ? [admissionPolicy] : []
}

export function listProblems(
  object: Rendered,
  schemas: ReadonlyMap<string, ValidateFunction>,
): readonly string[] {
  const kind = `${object.apiVersion}/${object.kind}`
  const validate = schemas.get(kind)
  if (validate === undefined) return [`${kind}: there is no such kind`]
  validate(object)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${kind} ${object.metadata.name}${instancePath}: ${message} ${JSON.stringify(params)}`,
  )
}
