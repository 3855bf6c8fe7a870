/** Values of vault-helm as settings. */
import { findNearest } from '../../core/nearest.ts'
import { isObject } from '../../core/plain-object.ts'
import { flags } from '../../webhook/config/flags.ts'
import { read } from '../manifests/objects.ts'
import { type Conversion, type ConvertOptions, joinConversions, keep, lose } from './conversion.ts'
import { readVariable } from './read-command.ts'
import { listDefaults, stockImage } from './stock-defaults.ts'
import { type StockValue, stockValues } from './stock-values.ts'

const addressPaths = ['injector.externalVaultAddr', 'global.externalVaultAddr']
const imagePath = 'injector.agentImage'
const variablesPath = 'injector.extraEnvironmentVars'
const readApart = [
  ...addressPaths,
  imagePath,
  variablesPath,
  'global.tlsDisable',
  'global.openshift',
]

/** Undefined for what is no values of vault-helm. Nothing of `values` is passed over in silence. */
export function readValues(values: unknown, options: ConvertOptions): Conversion | undefined {
  if (!isObject(values)) return undefined
  if (!['global', 'injector', 'server'].some((section) => Object.hasOwn(values, section))) {
    return undefined
  }
  return joinConversions([
    listDefaults(options),
    readAddress(values, options),
    ...readOpenShift(values),
    readImage(values, options),
    // The first of two that mean the same is the deprecated one.
    ...stockValues.toReversed().map((row) => readRow(values, row)),
    ...readVariables(values, options),
    ...findUnknown(values),
  ])
}

function readRow(values: unknown, row: StockValue): Conversion {
  const { path: from } = row
  const value = at(values, from)
  if (isUnset(value)) return keep()
  if ('reason' in row) return value === row.harmless ? keep() : lose(from, row.reason)
  if ('to' in row) {
    const shaped = row.shape.read(value)
    if (shaped === undefined) return lose(from, `expected ${row.shape.expected}`)
    const part = row.partly?.(value)
    return joinConversions([
      keep({ kind: 'value', from, path: row.to, value: shaped }),
      ...(part === undefined ? [] : [lose(from, part)]),
    ])
  }
  const text = row.spell?.(value) ?? String(value)
  if (text === '') return keep()
  if (row.flag.kind.parse(text) === undefined)
    return lose(from, `expected ${row.flag.kind.expected}`)
  return keep({ kind: 'flag', from, flag: row.flag, value: text })
}

/** The stock chart gives its injector the address of its own server where no other is given; global beats injector. */
function readAddress(values: unknown, { release, namespace }: ConvertOptions): Conversion {
  const path = addressPaths.findLast((candidate) => !isUnset(at(values, candidate)))
  const insecure = at(values, 'global.tlsDisable') !== false
  const name = release.includes('vault') ? release : `${release}-vault`
  const assumed = `${insecure ? 'http' : 'https'}://${name}.${namespace}.svc:8200`
  const value = path === undefined ? assumed : String(at(values, path))
  if (flags.vaultAddress.kind.parse(value) === undefined) {
    return lose(path ?? 'address', `expected ${flags.vaultAddress.kind.expected}`)
  }
  const reason = `${assumed}, the server of release ${release} in namespace ${namespace}; -release and -namespace name others`
  const from = path ?? 'global.externalVaultAddr'
  return {
    settings: [{ kind: 'flag', from, flag: flags.vaultAddress, value }],
    remarks: path === undefined ? [{ kind: 'assumed', from, reason }] : [],
  }
}

/** There the cluster chooses the users. */
function readOpenShift(values: unknown): readonly Conversion[] {
  const from = 'global.openshift'
  if (at(values, from) !== true) return []
  return [
    keep(
      { kind: 'value', from, path: from, value: true },
      { kind: 'flag', from, flag: flags.setSecurityContext, value: 'false' },
    ),
  ]
}

function readImage(values: unknown, { keepsBehaviour }: ConvertOptions): Conversion {
  const given = at(values, imagePath)
  if (isUnset(given)) return keep()
  if (!keepsBehaviour) {
    return lose(imagePath, 'Claviger has an agent of its own; -keep-behaviour keeps this image')
  }
  const { repository, tag, ...others } = { ...stockImage, ...(isObject(given) ? given : {}) }
  const value = `${repository}:${tag}`
  const unknown = Object.keys(others).map((key) =>
    lose(`${imagePath}.${key}`, 'vault-helm has no such value'),
  )
  return joinConversions([
    keep({ kind: 'flag', from: imagePath, flag: flags.vaultImage, value }),
    ...unknown,
  ])
}

/** Source: vault-helm, which writes the names in capitals and dots as underscores. */
function readVariables(values: unknown, options: ConvertOptions): readonly Conversion[] {
  const given = at(values, variablesPath)
  if (!isObject(given)) return []
  return Object.entries(given).map(([name, value]) =>
    readVariable(name.toUpperCase().replaceAll('.', '_'), String(value), options),
  )
}

/** Leaves that no row names. */
function findUnknown(values: unknown): readonly Conversion[] {
  const known = [...stockValues.map(({ path }) => path), ...readApart]
  return listLeaves(values, '')
    .filter((leaf) => !known.some((path) => leaf === path || leaf.startsWith(`${path}.`)))
    .map((leaf) => {
      const near = findNearest(leaf, known, 3)
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      return lose(leaf, `vault-helm has no such value${hint}`)
    })
}

function listLeaves(value: unknown, path: string): readonly string[] {
  if (!isObject(value) || Object.keys(value).length === 0) {
    return path === '' || isUnset(value) ? [] : [path]
  }
  return Object.entries(value).flatMap(([key, member]) =>
    listLeaves(member, path === '' ? key : `${path}.${key}`),
  )
}

function at(values: unknown, path: string): unknown {
  return read(values, path.split('.'))
}

/** Empty values are how vault-helm writes that nothing is set; `-` stands for the global setting there. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === '-') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
