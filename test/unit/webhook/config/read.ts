import { readConfig, type WebhookConfig } from '../../../../webhook/config/config.ts'

export const required = ['-vault-address=http://vault:8200', '-tls-cert-file=c', '-tls-key-file=k']

/** The configuration of these arguments after what must be there. */
export function read(args: readonly string[], env: Record<string, string> = {}): WebhookConfig {
  const parsed = readConfig([...required, ...args], env)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

/** Paths of the issues. */
export function refuse(
  args: readonly string[],
  env: Record<string, string> = {},
): readonly string[] {
  const parsed = readConfig(args, env)
  return parsed.kind === 'issues' ? parsed.issues.map(({ path }) => path) : []
}
