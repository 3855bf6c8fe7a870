/** The conditions as named templates of the chart: charts/claviger/templates/_conditions.tpl, which a test writes and compares. */
import {
  buildAskCondition,
  buildInjectedCondition,
  buildNamespaceCondition,
  buildProfileExpression,
} from './conditions.ts'
import { profiles } from './profiles.ts'

export function renderConditionsTemplate(): string {
  const head = '{{/* Made from webhook/inject/conditions.ts; UPDATE_GOLDEN=1 writes it. */}}\n'
  const all = [...profiles.values()]
  const named = [
    ...all.map(({ name, prefixes }) => [`asks.${name}`, buildAskCondition(prefixes)]),
    ...all.map(({ name, prefixes }) => [`injected.${name}`, buildInjectedCondition(prefixes)]),
    ...all.map(({ name, lenient }) => {
      const own = lenient ? undefined : '{{ include "claviger.namespace" . }}'
      return [`namespaces.${name}`, buildNamespaceCondition(own)]
    }),
    ['profile', buildProfileExpression('{{ .Values.injector.profile }}')],
  ]
  return head + named.map(([name = '', text = '']) => define(name, text)).join('')
}

function define(name: string, text: string): string {
  return `\n{{- define "claviger.conditions.${name}" -}}\n${text}\n{{- end -}}\n`
}
