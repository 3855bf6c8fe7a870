/** The blocks `cache` and `api_proxy`. */
import type { Fields } from './fields.ts'
import type { CacheConfig, ProxyConfig } from './listener-config.ts'
import { parseFlag } from './scalars.ts'

export function readCache(root: Fields): CacheConfig | undefined {
  const cache = root.block('cache')
  if (!root.has('cache')) return undefined
  checkConsistency(cache)
  const persist = cache.block('persist')
  if (!cache.has('persist')) return { persist: undefined }
  const type = persist.requiredText('type')
  if (type !== '' && type !== 'kubernetes') persist.report('type', '"kubernetes"')
  return {
    persist: {
      path: persist.requiredText('path', 'a directory on a memory volume'),
      keepAfterImport: persist.strictFlag('keep_after_import') ?? false,
      exitOnError: persist.strictFlag('exit_on_err') ?? false,
    },
  }
}

/** `use_auto_auth_token` may stand in `cache` too, where it once belonged. */
export function readProxy(root: Fields): ProxyConfig {
  const cache = root.block('cache')
  const proxy = root.block('api_proxy')
  checkConsistency(proxy)
  const fromProxy = readTokenUse(proxy)
  return {
    useAutoAuthToken: fromProxy ?? readTokenUse(cache) ?? 'no',
    prependConfiguredNamespace: proxy.flag('prepend_configured_namespace') ?? false,
  }
}

function readTokenUse(block: Fields): ProxyConfig['useAutoAuthToken'] | undefined {
  const key = 'use_auto_auth_token'
  return block.parsed(key, 'true, false or "force"', (value) => {
    if (typeof value === 'string' && value.toLowerCase() === 'force') return 'force'
    const use = parseFlag(value)
    return use === undefined ? undefined : use ? 'yes' : 'no'
  })
}

/** Vault Enterprise's answer to lagging standbys; read, checked and without effect. */
function checkConsistency(block: Fields): void {
  if (block.text('enforce_consistency')) block.choice('enforce_consistency', ['never', 'always'])
  if (block.text('when_inconsistent')) {
    block.choice('when_inconsistent', ['fail', 'retry', 'forward'])
  }
}
