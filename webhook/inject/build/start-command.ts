/** How the agent's images are started, and how a stock agent's token is revoked. */
import { agentDirectories } from '../kinds/path-kinds.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import type { AgentRole } from './volumes.ts'

interface StartCommand {
  readonly command?: readonly string[]
  readonly args: readonly string[]
}

/** The program in the stock images. */
const programs = { vault: 'vault', openbao: 'bao' } as const

const { home, config } = agentDirectories

/** Ours takes its configuration from VAULT_CONFIG; a stock agent needs a file, and so a shell. Source: vault-k8s, container_sidecar.go. */
export function buildStartCommand(
  { agent, configMap }: InjectionSettings,
  role: AgentRole,
): StartCommand {
  const file = `${config}/${role === 'init' ? 'config-init.hcl' : 'config.hcl'}`
  if (agent.flavour === 'claviger') {
    return { args: configMap === undefined ? ['agent'] : ['agent', `-config=${file}`] }
  }
  const program = programs[agent.flavour]
  const line =
    configMap === undefined
      ? `echo \${VAULT_CONFIG?} | base64 -d > ${home}/config.json && ${program} agent -config=${home}/config.json`
      : `touch ${home}/.vault-token && ${program} agent -config=${file}`
  return { command: ['/bin/sh', '-ec'], args: [line] }
}

/** Undefined where the container has no `lifecycle`. vault-k8s gives the sidecar an empty one. */
export function buildLifecycle(
  settings: InjectionSettings,
  role: AgentRole,
): Readonly<Record<string, unknown>> | undefined {
  const { revokeGrace, agent, profile } = settings
  if (role === 'init' || agent.flavour === 'claviger') return undefined
  if (revokeGrace === undefined) return profile.lenient ? {} : undefined
  const program = programs[agent.flavour]
  const command = profile.lenient
    ? buildStockHook(settings, program, revokeGrace)
    : // The connection is in the environment; no value of an annotation becomes part of the shell's text.
      ['/bin/sh', '-c', `sleep "$1" && exec ${program} token revoke -self`, 'sh', revokeGrace]
  return { preStop: { exec: { command } } }
}

function buildStockHook(
  { store }: InjectionSettings,
  program: string,
  grace: string,
): readonly string[] {
  const options = [
    `-address=${store.address}`,
    ...(store.caCert === undefined ? [] : [`-ca-cert=${store.caCert}`]),
    ...(store.clientCert === undefined ? [] : [`-client-cert=${store.clientCert}`]),
    ...(store.clientKey === undefined ? [] : [`-client-key=${store.clientKey}`]),
  ]
  const revoke = [`/bin/${program}`, 'token', 'revoke', ...options, '-self'].join(' ')
  return ['/bin/sh', '-c', `/bin/sleep ${grace} && ${revoke}`]
}
