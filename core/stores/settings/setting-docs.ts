/** The types and settings of stores as Markdown; docs/stores-in-pods.md has them. */
import type { Setting, SettingTable } from './setting.ts'
import { commonSettings, type StoreType, storeTypeNames, storeTypes } from './store-types.ts'

/** One section a type, and one for what all take. */
export function renderSettingDocs(): string {
  const types = storeTypeNames.flatMap((name) => {
    const { title, settings, version }: StoreType = storeTypes[name]
    const versions =
      version === undefined ? 'It has no versions.' : `Versions: ${version.description}.`
    return [`### \`${name}\`: ${title}`, '', versions, '', renderTable(settings), '']
  })
  return [...types, '### All types', '', renderTable(commonSettings)].join('\n')
}

function renderTable(table: SettingTable): string {
  const rows = Object.entries(table).map(([key, setting]) => renderRow(key, setting))
  return ['| Setting | Value | Variable | Meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function renderRow(key: string, setting: Setting): string {
  const { variable, description, isLocal } = setting
  const cells = [
    `\`${key}\``,
    describeValue(setting),
    variable === undefined ? '' : `\`${variable}\``,
    isLocal === true
      ? `${description} For development: a pod that has it gets a warning.`
      : description,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

const words = {
  text: 'text',
  address: '`https://` address',
  path: 'absolute path',
  flag: '`true` or `false`',
  count: 'number',
  duration: 'duration',
  list: 'names with commas',
  pairs: '`key=value` with commas',
  provider: '`projects/…/providers/R`',
} as const

function describeValue({ kind, values = [] }: Setting): string {
  return kind === 'choice' ? values.map((value) => `\`${value}\``).join(', ') : words[kind]
}
