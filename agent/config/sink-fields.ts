/** One `auto_auth.sink` block. */
import type { Fields } from './fields.ts'
import type { SinkConfig, SinkEncryption } from './sink-config.ts'

/** Source: Vault Agent's sinks; `uid` and `gid` are OpenBao's. */
export function readSink(sink: Fields): SinkConfig {
  const type = sink.requiredText('type')
  if (type !== '' && type !== 'file') sink.report('type', 'file', { got: type })
  const config = sink.block('config')
  return {
    path: config.requiredText('path'),
    mode: config.mode('mode') ?? 0o640,
    uid: config.whole('uid'),
    gid: config.whole('gid'),
    wrapTtlMs: sink.duration('wrap_ttl') || undefined,
    encryption: readEncryption(sink),
  }
}

/** The keys that mean nothing without encryption. */
const dependents = ['aad', 'derive_key'] as const

function readEncryption(sink: Fields): SinkEncryption | undefined {
  const type = sink.text('dh_type') ?? ''
  const publicKeyPath = sink.text('dh_path') ?? ''
  const deriveKey = sink.strictFlag('derive_key') ?? false
  const variable = sink.text('aad_env_var') ?? ''
  const text = sink.text('aad') ?? ''
  if (type !== '' && type !== 'curve25519') sink.report('dh_type', 'curve25519', { got: type })
  if ((type === '') !== (publicKeyPath === '')) {
    sink.report(type === '' ? 'dh_type' : 'dh_path', 'dh_type and dh_path together')
  }
  if (type !== '') {
    return { publicKeyPath, deriveKey, aad: variable === '' ? { text } : { variable } }
  }
  for (const key of dependents) {
    const isGiven = key === 'derive_key' ? deriveKey : (sink.text(key) ?? '') !== ''
    if (isGiven) sink.report(key, 'a dh_type beside it')
  }
  return undefined
}
