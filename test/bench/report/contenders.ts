/** Who is compared: the one table of names, in the order and the colours of tables and charts. */

export interface ContenderRow {
  readonly name: string
  /** Ours, what ours is compared with, or a floor that neither can go below. */
  readonly kind: 'ours' | 'peer' | 'floor'
  /** Of its bars on a light and on a dark page: 3:1 or more against it. */
  readonly colours: readonly [light: string, dark: string]
}

const ours = ['#1d4ed8', '#60a5fa'] as const
const oursToo = ['#0f766e', '#2dd4bf'] as const
const peer = ['#b45309', '#f59e0b'] as const
const peerToo = ['#9d174d', '#f472b6'] as const
const floor = ['#6b7280', '#9ca3af'] as const

export const contenders = {
  claviger: { name: 'Claviger', kind: 'ours', colours: ours },
  hibernating: { name: 'Claviger, hibernating', kind: 'ours', colours: oursToo },
  vaultProfile: { name: 'Claviger, profile vault-k8s', kind: 'ours', colours: oursToo },
  vaultAgent: { name: 'Vault Agent', kind: 'peer', colours: peer },
  vaultK8s: { name: 'vault-k8s', kind: 'peer', colours: peer },
  consulTemplate: { name: 'consul-template', kind: 'peer', colours: peerToo },
  bareNode: { name: 'bare Node', kind: 'floor', colours: floor },
} as const satisfies Record<string, ContenderRow>

export type Contender = keyof typeof contenders

/** In the order of the table. */
export const contenderOrder = Object.keys(contenders).filter(isContender)

export function isContender(text: string): text is Contender {
  return Object.hasOwn(contenders, text)
}
