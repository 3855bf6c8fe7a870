/** Where the ServiceAccount token that the agent logs in with comes from. */

export interface TokenSource {
  readonly volume: string
  /** Where the agent's containers mount it. */
  readonly mountPath: string
  /** Of the token within the volume. */
  readonly path: string
  /** Whether injection adds the volume; otherwise it is one of the pod's. */
  readonly added: boolean
  /** Of an added one; undefined for the API server's. */
  readonly audience: string | undefined
}
