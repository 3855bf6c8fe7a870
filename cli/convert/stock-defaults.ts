/** What vault-k8s and its chart do when nobody says anything, where Claviger does something else. */
import { flags } from '../../webhook/config/flags.ts'
import { type Conversion, type ConvertOptions, keep, type Setting } from './conversion.ts'
import { stockValues } from './stock-values.ts'

/** Source: vault-helm 0.32. */
export const stockImage = { repository: 'hashicorp/vault', tag: '2.0.4' }

/** Everything that keeps pods as they were: the profile, the agent's image and the defaults. Nothing when they may change. */
export function listDefaults({ keepsBehaviour }: ConvertOptions): Conversion {
  if (!keepsBehaviour) return keep()
  const image = `${stockImage.repository}:${stockImage.tag}`
  const defaults = stockValues.flatMap((row): readonly Setting[] => {
    const { path: from, stock: value } = row
    if (value === undefined || 'reason' in row) return []
    return 'to' in row
      ? [{ kind: 'value', isDefault: true, from, path: row.to, value }]
      : [{ kind: 'flag', isDefault: true, from, flag: row.flag, value: String(value) }]
  })
  return keep(
    { kind: 'flag', from: 'profile', flag: flags.profile, value: 'vault-k8s' },
    {
      kind: 'flag',
      isDefault: true,
      from: 'injector.agentImage',
      flag: flags.vaultImage,
      value: image,
    },
    ...defaults,
  )
}
