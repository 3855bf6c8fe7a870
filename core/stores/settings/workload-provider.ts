/** Names of Google's workload identity providers. */

/** A name as Google's pages show it: bare, as an audience, or as the address that some pages make of it. */
const pattern =
  /^(?:(?:https:)?\/\/iam\.googleapis\.com\/)?(projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+)$/

/** `projects/N/locations/global/workloadIdentityPools/P/providers/R`; undefined for what is no provider. */
export function parseWorkloadProvider(text: string): string | undefined {
  return pattern.exec(text)?.[1]
}

/** What Google calls the provider in tokens. `provider` is one of `parseWorkloadProvider`. */
export function audienceOf(provider: string): string {
  return `//iam.googleapis.com/${provider}`
}
