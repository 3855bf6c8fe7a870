/** Claviger's own block, `claviger`. */
import type { AgentConfig, OwnConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'
import type { Environment } from './settings.ts'
import { readStores } from './store-fields.ts'
import { readTemplateRules } from './template-policy.ts'
import { readTraceFields } from './trace-fields.ts'

/** Beside the cache that Vault Agent would keep there. */
const stateFileName = 'claviger-agent-state.json'

/** A configuration without the block was written for Vault Agent: its templates may do what they may do there. */
export function readOwn(
  root: Fields,
  cache: AgentConfig['cache'],
  environment: Environment,
): OwnConfig {
  const own = root.block('claviger')
  const cachePath = cache?.persist?.path
  const besideCache = cachePath ? `${cachePath.replace(/\/+$/, '')}/${stateFileName}` : undefined
  const preset = root.has('claviger') ? 'restricted' : 'stock'
  const generations = own.texts('generations') ?? []
  if (generations.some((path) => !path.startsWith('/'))) {
    own.report('generations', 'absolute directories')
  }
  return {
    ...readStores(root, environment),
    statePath: own.text('state_path') || besideCache,
    templateRules: readTemplateRules(own.block('template_policy'), preset),
    initDeadlineMs: own.duration('init_deadline') || undefined,
    revokeOnShutdown: own.flag('revoke_on_shutdown') ?? false,
    revokeGraceMs: own.duration('revoke_grace') ?? 0,
    generations,
    hibernate: own.flag('hibernate') ?? true,
    watchFiles: root.has('claviger'),
    traces: readTraceFields(root, environment),
  }
}
