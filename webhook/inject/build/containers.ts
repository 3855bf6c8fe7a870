/** The agent containers. */

import { isObject } from '../../../core/plain-object.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Json } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import { containerType } from '../stock/container-type.ts'
import { convert } from '../stock/go-type.ts'
import { buildAgentConfig, encodeAgentConfig } from './agent-config.ts'
import { patchContainer } from './container-patch.ts'
import { buildEnv } from './env.ts'
import { buildResources } from './resources.ts'
import { buildSecurityContext } from './security-context.ts'
import { buildLifecycle, buildStartCommand } from './start-command.ts'
import { type AgentRole, buildAgentMounts } from './volumes.ts'

/** Source: vault-k8s, the names of its containers. */
export const agentContainerNames = { init: 'vault-agent-init', sidecar: 'vault-agent' } as const

export interface BuiltContainer {
  readonly container: Json
  readonly problems: readonly Problem[]
}

/**
 * The init container renders everything once and exits; the sidecar keeps it fresh. Problem codes: `config_size`, `json_patch`,
 * `pod`.
 */
export function buildAgentContainer(settings: InjectionSettings, role: AgentRole): BuiltContainer {
  const encoded =
    settings.configMap === undefined
      ? encodeAgentConfig(buildAgentConfig(settings, role), settings)
      : { kind: 'ok' as const, value: undefined }
  if (encoded.kind === 'problem') return { container: {}, problems: [encoded.problem] }
  const built = compose(settings, role, encoded.value)
  const row = role === 'init' ? annotations.initJsonPatch : annotations.jsonPatch
  const path = `${settings.prefix}${row.key}`
  const typed = settings.profile.lenient ? convert(containerType, built, 'container') : undefined
  if (typed?.kind === 'problem') return { container: {}, problems: [typed.problem] }
  const container = typed !== undefined && isObject(typed.value) ? typed.value : built
  const text = settings.patches[role]
  return text === undefined
    ? { container, problems: [] }
    : patchContainer(container, { text, path, lenient: settings.profile.lenient })
}

function compose(settings: InjectionSettings, role: AgentRole, config: string | undefined): Json {
  const { agent, identity, placement } = settings
  const lifecycle = buildLifecycle(settings, role)
  return {
    name: agentContainerNames[role],
    image: agent.image,
    ...(agent.pullPolicy === undefined ? {} : { imagePullPolicy: agent.pullPolicy }),
    ...(role === 'sidecar' && placement.native ? { restartPolicy: 'Always' } : {}),
    ...buildStartCommand(settings, role),
    env: buildEnv(settings, config),
    resources: buildResources(settings.resources),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(identity === undefined
      ? {}
      : { securityContext: buildSecurityContext(identity, settings) }),
    volumeMounts: buildAgentMounts(settings, role),
  }
}
