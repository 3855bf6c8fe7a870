/** A named store's names as `secrets` lists them in templates: those right below a path, as Vault's own lists have them. */
import { absentAnswer, type SecretAnswer } from '../template/secret-request.ts'

/** What names below `path`, a `SecretListRequest`'s, begin with. */
export function listingPrefix(path: string): string {
  return path === '' ? '' : `${path}/`
}

/** `paths` are whole names, in any order. What has more below it ends in a slash; an answer without names has no data. */
export function listedAnswer(path: string, paths: Iterable<string>): SecretAnswer {
  const prefix = listingPrefix(path)
  const names = new Set<string>()
  for (const whole of paths) {
    const [name] = whole.startsWith(prefix)
      ? (/^\/*[^/]+\/?/.exec(whole.slice(prefix.length)) ?? [])
      : []
    if (name !== undefined) names.add(name)
  }
  return names.size === 0
    ? absentAnswer
    : { ...absentAnswer, data: new Map([['keys', [...names].toSorted()]]) }
}
