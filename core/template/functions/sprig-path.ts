/** sprig's paths; on Linux those of the system are the same. Source: Go's path. */
import { type GoFunction, stringParameter, unary } from './function.ts'

export const sprigPathFunctions: readonly GoFunction[] = [
  ...pair('sprig_base', 'sprig_osBase', base),
  ...pair('sprig_dir', 'sprig_osDir', (path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ...pair('sprig_clean', 'sprig_osClean', clean),
  ...pair('sprig_ext', 'sprig_osExt', (path) => /\.[^./]*$/.exec(path)?.[0] ?? ''),
  ...pair('sprig_isAbs', 'sprig_osIsAbs', (path) => path.startsWith('/')),
]

function pair(
  name: string,
  systemName: string,
  run: (path: string) => string | boolean,
): readonly GoFunction[] {
  return [unary(name, stringParameter, run), unary(systemName, stringParameter, run)]
}

function base(path: string): string {
  if (path === '') return '.'
  const bare = path.replace(/\/+$/, '')
  return bare === '' ? '/' : bare.slice(bare.lastIndexOf('/') + 1)
}

/** The shortest path to the same place, without looking at any files. */
function clean(path: string): string {
  const isRooted = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    const isUp = part === '..'
    if (isUp && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (!isUp || !isRooted) kept.push(part)
  }
  const joined = kept.join('/')
  return isRooted ? `/${joined}` : joined || '.'
}
