/** What the webhook asks of the Kubernetes API: one Secret and one MutatingWebhookConfiguration, both by name. */

export interface StoredSecret {
  /** Opaque; a write that carries an outdated one is refused. */
  readonly resourceVersion: string
  /** Decoded. */
  readonly entries: ReadonlyMap<string, string>
  /** Whether somebody asks for a new CA, by the annotation `claviger.dev/rotate-ca`; writing the Secret takes it away. */
  readonly wantsRotation: boolean
}

export interface WebhookEntry {
  readonly name: string
  /** PEM; undefined when the field is absent or empty. */
  readonly caBundle: string | undefined
}

/** Every method rejects with `kubernetes_refused`. */
export interface Cluster {
  readonly readSecret: () => Promise<StoredSecret>
  /** Sets these entries and leaves everything else in the Secret as it is. */
  readonly writeSecret: (secret: StoredSecret) => Promise<'written' | 'conflict'>
  readonly readWebhooks: () => Promise<readonly WebhookEntry[]>
  /** Sets the bundle of the entries at these positions, and nothing else. */
  readonly writeCaBundle: (
    bundle: string,
    entries: readonly { readonly index: number; readonly name: string }[],
  ) => Promise<void>
}
