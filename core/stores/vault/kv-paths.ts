/** Where a KV v2 mount keeps what a path names. Source: consul-template's dependency/vault_read.go, vault_list.go. */

/** What of a KV v2 mount is no secret's own name. */
const versionedPlaces = /^(?:data|metadata|subkeys)\//

/** `mount` ends with its slash and begins `path`, which may lack that slash. */
export function versionedPath(path: string, mount: string): string {
  const rest = path.slice(mount.length)
  if (rest === '') return `${mount}data`
  return versionedPlaces.test(rest) ? path : `${mount}data/${rest}`
}

/** The same for a listing. */
export function listedPath(path: string, mount: string): string {
  const rest = path.slice(mount.length)
  if (rest === '') return `${mount}metadata`
  return rest.startsWith('metadata') ? path : `${mount}metadata/${rest}`
}

/** A mount as Vault names it, as a client that lives in `namespace` writes it; undefined: it does not begin `path`. */
export function localMount(
  reported: string,
  path: string,
  namespace: string | undefined,
): string | undefined {
  const prefix = `${(namespace ?? '').replace(/\/+$/, '')}/`
  const inside = reported.startsWith(prefix) ? reported.slice(prefix.length) : ''
  return [inside, reported].find((mount) => mount !== '' && `${path}/`.startsWith(mount))
}

/**
 * Whether a path names something else than a secret where its mount is a KV v2 one: read or written as it stands, `kv/config`
 * would be the mount's configuration and `kv/destroy/app` would destroy versions.
 */
export function mayBeOperation(path: string): boolean {
  return /\/config\/?$|\/(?:delete|undelete|destroy)(?:\/|$)/.test(path)
}
