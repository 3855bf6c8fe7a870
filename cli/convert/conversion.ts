/** What a conversion comes to: settings of ours, and everything that is none. */
import type { Flag } from '../../webhook/config/flags.ts'

export type Setting = {
  readonly from: string
  /** What vault-k8s has when nobody says anything. */
  readonly isDefault?: true
} /** A flag of the webhook; the chart has a value for most. */ & (
  | {
      readonly kind: 'flag'
      readonly flag: Flag<unknown>
      readonly value: string
    }
  /** A value of charts/claviger that is no flag, by its path with dots. */
  | {
      readonly kind: 'value'
      readonly path: string
      readonly value: unknown
    }
)

/** Never holds the value itself: a variable may hold a secret. */
export interface Remark {
  /** `lost`: has no counterpart. `assumed`: was not given, and had to be known. */
  readonly kind: 'lost' | 'assumed'
  /** A value's path, a flag or a variable of vault-k8s. */
  readonly from: string
  readonly reason: string
}

export interface Conversion {
  /** A later one beats an earlier one of the same flag or path. */
  readonly settings: readonly Setting[]
  readonly remarks: readonly Remark[]
}

export interface ConvertOptions {
  /** Pods are to be what vault-k8s makes of them: its profile, its images, its defaults. */
  readonly keepsBehaviour: boolean
  /** Of the release of Vault's own chart, for the address that it gives its injector. */
  readonly release: string
  readonly namespace: string
}

export function lose(from: string, reason: string): Conversion {
  return { settings: [], remarks: [{ kind: 'lost', from, reason }] }
}

export function keep(...settings: readonly Setting[]): Conversion {
  return { settings, remarks: [] }
}

export function joinConversions(parts: readonly Conversion[]): Conversion {
  return {
    settings: parts.flatMap(({ settings }) => settings),
    remarks: parts.flatMap(({ remarks }) => remarks),
  }
}
