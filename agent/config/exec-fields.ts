/** Process supervisor mode: the blocks `env_template` and `exec`. */
import type { ExecConfig, VariableConfig } from './agent-config.ts'
import { checkBlock } from './check-keys.ts'
import type { Fields } from './fields.ts'
import { knownKeys } from './known-keys.ts'
import { readSignal } from './signal-field.ts'
import { readBody, readText } from './template-body.ts'

/** `env_template "NAME" { … }`, in JSON `{"NAME": { … }}`. */
export function readVariables(root: Fields): readonly VariableConfig[] {
  const seen = new Set<string>()
  return root.blocks('env_template').flatMap((group) =>
    group.keys().flatMap((name) => {
      if (!group.isBlock(name)) {
        reportUnnamed(group, name)
        return []
      }
      return group.children(name, false).map((template) => {
        if (seen.has(name)) template.report('', 'one env_template for a variable')
        seen.add(name)
        return readVariable(template, name)
      })
    }),
  )
}

function reportUnnamed(group: Fields, key: string): void {
  const isKey = knownKeys.template.keys.has(key)
  group.report(isKey ? '' : key, 'the name of a variable and its block', {
    hint: 'env_template "NAME" { … }, in JSON {"NAME": { … }}',
  })
}

function readVariable(template: Fields, name: string): VariableConfig {
  checkBlock(template, 'env_template')
  return { name, body: readBody(template), ...readText(template) }
}

/** Undefined without the block. Defaults: restarts on every change, with SIGTERM. */
export function readExec(root: Fields): ExecConfig | undefined {
  const exec = root.block('exec')
  if (!root.has('exec')) return undefined
  const words = exec.list('command') ?? []
  if (words.length === 0 || words[0] === '') {
    exec.report('command', 'a list with a program and its arguments')
  }
  const restart = exec.choice('restart_on_secret_changes', ['always', 'never'])
  return {
    words,
    restartOnChange: restart !== 'never',
    stopSignal: readSignal(exec, 'restart_stop_signal') ?? 'SIGTERM',
  }
}
