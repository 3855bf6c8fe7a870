/** Configurations of the agent as changes to a small one, and what comes of them. */
import type { AgentConfig } from '../../agent/config/agent-config.ts'
import { type LoadedConfig, readConfig } from '../../agent/config/read-config.ts'

type Changes = Readonly<Record<string, unknown>>

export const method = { type: 'kubernetes', config: { role: 'app' } }
export const minimal = {
  auto_auth: { method },
  template: [{ destination: '/a', contents: 'x' }],
}
export const tls = { tls_disable: false, tls_cert_file: '/c', tls_key_file: '/k' }

export function template(changes: Changes): Changes {
  return { template: [{ destination: '/a', contents: 'x', ...changes }] }
}

export function listener(changes: Changes): Changes {
  return {
    listener: [{ type: 'tcp', address: '127.0.0.1:1', tls_disable: true, ...changes }],
  }
}

export function supervised(exec: Changes, variable: Changes = { contents: 'x' }): Changes {
  return { template: undefined, env_template: [{ A: variable }], exec }
}

export function read(changes: Changes) {
  return readConfig(JSON.stringify({ ...minimal, ...changes }), {})
}

export function loaded(changes: Changes): LoadedConfig {
  const parsed = read(changes)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

export function value(changes: Changes): AgentConfig {
  return loaded(changes).config
}

/** Where the problems are; none where it is read. */
export function paths(changes: Changes): readonly string[] {
  const parsed = read(changes)
  return parsed.kind === 'ok' ? [] : [...new Set(parsed.issues.map(({ path }) => path))]
}
