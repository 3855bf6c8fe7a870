/** Configuration, answers and scripted stores for tests of the agent. */
import { compileTemplates } from '../../agent/compile-templates.ts'
import type { AgentConfig } from '../../agent/config/agent-config.ts'
import { readConfig } from '../../agent/config/read-config.ts'
import type { StepPorts } from '../../agent/step/ports.ts'
import { createStep, type Step, type StepResult } from '../../agent/step/step.ts'
import { AppError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { SecretAnswer, SecretAuth } from '../../core/template/secret-request.ts'
import { idleMachine } from './idle-machine.ts'

export const start = Date.UTC(2026, 0, 1)

export function kvTemplate(path = 'secret/data/app'): string {
  return `{{ with secret "${path}" }}user={{ .Data.data.user }}{{ end }}`
}

/** A configuration as the webhook writes it; `changes` replace top-level keys. */
export function agentConfig(changes: Readonly<Record<string, unknown>> = {}): AgentConfig {
  const parsed = readConfig(
    JSON.stringify({
      vault: { address: 'http://127.0.0.1:8200' },
      auto_auth: {
        method: { type: 'kubernetes', mount_path: 'auth/kubernetes', config: { role: 'app' } },
      },
      template: [{ destination: '/vault/secrets/app', contents: kvTemplate() }],
      ...changes,
    }),
    {},
  )
  if (parsed.kind === 'ok') return parsed.value.config
  throw new Error(JSON.stringify(parsed.issues))
}

export function auth(changes: Partial<SecretAuth> = {}): SecretAuth {
  return {
    clientToken: 'hvs.token',
    accessor: 'accessor',
    policies: [],
    metadata: new Map(),
    leaseDuration: 3600,
    renewable: true,
    ...changes,
  }
}

export function answer(
  data: Readonly<Record<string, JsonValue>>,
  changes: Partial<SecretAnswer> = {},
): SecretAnswer {
  return {
    requestId: 'r',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: new Map(Object.entries(data)),
    warnings: [],
    ...changes,
  }
}

export function kvAnswer(user: string): SecretAnswer {
  return answer({ data: new Map([['user', user]]), metadata: new Map() })
}

export interface ScriptedPorts extends StepPorts {
  /** What was asked, in order: `login`, `renew token`, `check token`, `renew lease ID`, `read PATH`. */
  readonly calls: string[]
}

export interface PortScript extends Partial<StepPorts> {
  /** What a login grants; `method` instead of it scripts the whole method. */
  readonly login?: () => Promise<SecretAuth>
  /** Default `app`. */
  readonly role?: string
}

/** Ports that answer well unless a function here says otherwise; a thrown AppError is the store's failure. */
export function scriptedPorts(script: PortScript = {}): ScriptedPorts {
  const calls: string[] = []
  const {
    login = async () => auth(),
    role = 'app',
    renewToken = async () => auth(),
    checkToken = async () => undefined,
    renewLease = async () => 3600,
    read = async () => kvAnswer('ada'),
    ...others
  } = script
  return {
    calls,
    method: {
      identity: role,
      facts: { path: 'auth/kubernetes/login', role },
      login: async () => {
        calls.push('login')
        return { granted: { kind: 'token', auth: await login() }, credentials: new Map() }
      },
      fingerprint: () => undefined,
    },
    mounts: new Map(),
    stores: new Map(),
    prepareSink: async (_sink, token) => Buffer.from(token.reveal()),
    findCertificate: () => undefined,
    chance: () => 0.5,
    wall: () => start,
    sleep: () => new Promise(() => undefined),
    machine: idleMachine,
    ...others,
    renewToken: async (token) => {
      calls.push('renew token')
      return renewToken(token)
    },
    checkToken: async (token) => {
      calls.push('check token')
      return checkToken(token)
    },
    renewLease: async (leaseId, token) => {
      calls.push(`renew lease ${leaseId}`)
      return renewLease(leaseId, token)
    },
    read: async (request, token) => {
      calls.push(`read ${request.path}`)
      return read(request, token)
    },
  }
}

export function stepOf(config: AgentConfig, ports: StepPorts): Step {
  return createStep(ports, compileTemplates(config))
}

export const unreachable = new AppError('store_unreachable', { cause: 'ECONNREFUSED' })
export const refused = new AppError('store_refused', { status: 403 })
export const deadToken = new AppError('token_invalid', { status: 403 })

/** Destination and text of each write. */
export function writtenText(result: StepResult): readonly (readonly string[])[] {
  return result.writes.map(({ destination, bytes }) => [destination, Buffer.from(bytes).toString()])
}
