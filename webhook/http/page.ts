/** What is served beside admission. */

export interface Page {
  readonly status: number
  readonly contentType?: string
  readonly text: string
}

/** The paths that the webhook has in any case. */
export const ownPaths: readonly string[] = ['/mutate', '/healthz', '/readyz', '/health/ready']
