/** What a template asks of the machine it is rendered on, and what it is answered. */

export type LocalRequest =
  /** The bytes of a file. */
  | { readonly kind: 'file'; readonly path: string }
  /** What a program prints. */
  | { readonly kind: 'plugin'; readonly name: string; readonly words: readonly string[] }
  /** The addresses of the machine's network interfaces. */
  | { readonly kind: 'interfaces' }

/** All texts are byte strings. */
export type LocalAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interfaces'; readonly addresses: readonly InterfaceAddress[] }
  /** Why there is none, in fixed words such as `no such file or directory`, never with a value. */
  | { readonly kind: 'failed'; readonly reason: string }

/** One address of one interface. */
export interface InterfaceAddress {
  readonly name: string
  /** `127.0.0.1`, `::1` */
  readonly address: string
  readonly prefixLength: number
  readonly isLoopback: boolean
  readonly isUp: boolean
  /** True for the interface that the default route leads through. */
  readonly isDefault: boolean
}

/** One text per distinct request, for use as a map's key. */
export function localRequestKey(request: LocalRequest): string {
  return JSON.stringify(request)
}

/** A file that a template wrote with `writeToFile`; the host writes it once the rendering is complete. */
export interface FileEffect {
  /** The call, as errors name it: `template: NAME:LINE:COLUMN: executing … error calling writeToFile`. */
  readonly where: string
  readonly path: string
  /** Name or number; empty for the process's own. */
  readonly user: string
  readonly group: string
  /** Mode bits. */
  readonly mode: number
  readonly append: boolean
  /** Byte string. */
  readonly content: string
}
