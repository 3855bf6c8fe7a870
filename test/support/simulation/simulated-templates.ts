/** The templates of a plan: as the agent compiles them, or much cheaper ones that ask and say the same. */
import { compileTemplates } from '../../../agent/compile-templates.ts'
import type { AgentConfig } from '../../../agent/config/agent-config.ts'
import type { CompiledTemplate } from '../../../agent/step/context.ts'
import { type JsonValue, parseJson } from '../../../core/json.ts'
import { restrictedPolicy } from '../../../core/template/policy.ts'
import { apartFromMachine, type Renderable } from '../../../core/template/renderable.ts'
import {
  absentAnswer,
  type SecretAnswer,
  type SecretRequest,
} from '../../../core/template/secret-request.ts'
import { type DayPlan, type FilePlan, isOfCloud, type Part, paths } from './day-plan.ts'
import { cloudName } from './simulated-cloud.ts'

/** What a template writes for each part. */
export const partTexts: Readonly<Record<Part, string>> = {
  kv: '{{ with secret "kv/data/app" }}kv={{ .Data.data.value }}{{ end }}',
  extra: '{{ with secret "kv/data/extra" }}extra={{ .Data.data.value }}{{ end }}',
  lease: '{{ with secret "database/creds/app" }}lease={{ .Data.username }}{{ end }}',
  other: '{{ with secret "database/creds/other" }}other={{ .Data.username }}{{ end }}',
  cloud: '{{ with secret "cloud:prod/app" }}cloud={{ .Data.value }}{{ end }}',
  bucket: '{{ with secret "cloud:prod/bucket" }}bucket={{ .Data.value }}{{ end }}',
  static: '{{ with secret "database/static-creds/app" }}static={{ .Data.password }}{{ end }}',
}

export function templatesOf(
  { isThorough }: DayPlan,
  config: AgentConfig,
  files: readonly FilePlan[],
): readonly CompiledTemplate[] {
  if (!isThorough) {
    return config.templates.map((template, index) => ({
      name: template.destination,
      target: { kind: 'file', config: template },
      template: plainTemplate(files[index]?.parts ?? []),
    }))
  }
  return compileTemplates(config)
}

function plainTemplate(parts: readonly Part[]): Renderable {
  const requests = parts.map((part) => requestOf[part])
  return {
    policy: restrictedPolicy,
    text: parts.map((part) => partTexts[part]).join(';'),
    render: ({ secret }) => {
      const texts: string[] = []
      const missing: SecretRequest[] = []
      for (const part of parts) {
        const answer = secret(requestOf[part])
        if (answer === undefined || answer === absentAnswer) missing.push(requestOf[part])
        else texts.push(`${part}=${shownValue(part, answer)}`)
      }
      const output = missing.length > 0 ? new Uint8Array() : Buffer.from(texts.join(';'))
      return { output, requests, missing, ...apartFromMachine }
    },
  }
}

const requestOf: Readonly<Record<Part, SecretRequest>> = {
  kv: { kind: 'read', path: paths.kv, query: [] },
  extra: { kind: 'read', path: paths.extra, query: [] },
  lease: { kind: 'read', path: paths.lease, query: [] },
  other: { kind: 'read', path: paths.other, query: [] },
  static: { kind: 'read', path: paths.static, query: [] },
  cloud: { kind: 'read', store: cloudName, path: paths.cloud, query: [] },
  bucket: { kind: 'read', store: cloudName, path: paths.bucket, query: [] },
}

function shownValue(part: Part, { data, content }: SecretAnswer): JsonValue | undefined {
  if (isOfCloud(part)) {
    const json = parseJson(content?.kind === 'whole' ? content.bytes : '{}')
    return json instanceof Map ? json.get('value') : undefined
  }
  if (part === 'static') return data?.get('password')
  if (part === 'lease' || part === 'other') return data?.get('username')
  const versioned = data?.get('data')
  return versioned instanceof Map ? versioned.get('value') : undefined
}
