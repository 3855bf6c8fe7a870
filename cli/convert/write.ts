/** Converted settings as values of charts/claviger, or as a command line. */
import { dump } from 'js-yaml'
import type { Conversion, Remark, Setting } from './conversion.ts'
import { flagValues } from './flag-values.ts'
import { isServedByChart } from './stock-flags.ts'

export interface Written {
  readonly text: string
  readonly remarks: readonly Remark[]
}

type Tree = { [key: string]: unknown }

export function buildValues({ settings, remarks }: Conversion): {
  readonly values: Readonly<Record<string, unknown>>
  readonly remarks: readonly Remark[]
} {
  const values: Tree = {}
  const more: Remark[] = []
  for (const setting of settings) {
    const reason = setting.kind === 'flag' ? isServedByChart(setting.flag) : undefined
    if (reason === undefined) {
      for (const [path, value] of placeInValues(setting)) setAt(values, path, value)
    } else more.push({ kind: 'lost', from: setting.from, reason })
  }
  return { values, remarks: [...remarks, ...more] }
}

export function writeValues(conversion: Conversion): Written {
  const { values, remarks } = buildValues(conversion)
  return { text: dump(values, { lineWidth: -1, noRefs: true }), remarks }
}

/** One flag a line, as a list of arguments in a manifest would have them. */
export function writeFlags({ settings, remarks }: Conversion): Written {
  const given = new Map<string, string>()
  const more: Remark[] = []
  for (const setting of settings) {
    if (setting.kind === 'flag') given.set(setting.flag.name, setting.value)
    else if (setting.isDefault !== true) {
      const reason = 'is no flag of the webhook: a matter of its Deployment or configuration'
      more.push({ kind: 'lost', from: setting.from, reason })
    }
  }
  const lines = Array.from(given, ([name, value]) => `-${name}=${value}`)
  return {
    text: ['agent-inject', ...lines].map((line) => `${quote(line)}\n`).join(''),
    remarks: [...remarks, ...more],
  }
}

/** For a shell, where it must be. */
function quote(line: string): string {
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", "'\\''")}'`
}

function placeInValues(setting: Setting): readonly (readonly [string, unknown])[] {
  if (setting.kind === 'value') return [[setting.path, setting.value]]
  const { flag, value } = setting
  const row = flagValues.find((candidate) => candidate.flag === flag)
  if (row === undefined) return [[`injector.extraEnvironmentVars.${flag.env}`, value]]
  const { path, form } = row
  switch (form) {
    case 'text':
      return [[path, value]]
    case 'switch': {
      const parsed = flag.kind.parse(value)
      return [[path, parsed === '' ? parsed : parsed === 'true']]
    }
    case 'list':
      return [[path, value.split(',').map((item) => item.trim())]]
    case 'certificates':
      return [[path, flag.kind.parse(value)]]
    case 'port':
      return [[path, Number(/\d+$/.exec(value)?.[0])]]
    case 'image': {
      const colon = value.lastIndexOf(':')
      const tagged = colon > value.lastIndexOf('/')
      return [
        [`${path}.repository`, tagged ? value.slice(0, colon) : value],
        [`${path}.tag`, tagged ? value.slice(colon + 1) : 'latest'],
      ]
    }
  }
}

/** Names of variables have no dots, so that a path can be split at them. */
function setAt(tree: Tree, path: string, value: unknown): void {
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let place = tree
  for (const step of steps) {
    const next = Object.hasOwn(place, step) ? place[step] : undefined
    // Only trees are put under a step that others share.
    const inner = (next ?? {}) as Tree
    place[step] = inner
    place = inner
  }
  place[last] = value
}
