/** Pods with our own agent: its real configuration and step function, plain templates, no disk and no waiting. */
import type { AgentConfig } from '../../../agent/config/agent-config.ts'
import { readConfig } from '../../../agent/config/read-config.ts'
import { type AgentState, emptyState } from '../../../agent/plan/state.ts'
import type { CompiledTemplate } from '../../../agent/step/context.ts'
import type { StepPorts } from '../../../agent/step/ports.ts'
import { createStep, type Step } from '../../../agent/step/step.ts'
import { restrictedPolicy } from '../../../core/template/policy.ts'
import { apartFromMachine, type Renderable } from '../../../core/template/renderable.ts'
import type { SecretAnswer, SecretRequest } from '../../../core/template/secret-request.ts'
import { idleMachine } from '../../support/idle-machine.ts'
import type { Chance } from '../../support/simulation/chance.ts'
import { type FleetPlan, second } from './fleet-plan.ts'
import type { Asked, FleetStore } from './fleet-store.ts'
import { type Pod, type PodParts, restartPauseMs } from './pod.ts'

/** The agent's times are the epoch's. */
const epoch = Date.UTC(2026, 0, 1)

interface Program {
  readonly init: AgentConfig
  readonly sidecar: AgentConfig
  readonly step: Step
  /** Whose step it is, and when. */
  readonly turn: { chance: Chance; now: number }
}

/** All pods share one program: their steps come one after the other, and each has a state of its own. */
export function createOwnPods(plan: FleetPlan, store: FleetStore): (parts: PodParts) => Pod {
  let program: Program | undefined
  return (parts) => {
    program ??= openProgram(plan, store, parts.chance)
    return new OwnPod(parts, program)
  }
}

class OwnPod implements Pod {
  readonly #program: Program
  readonly #chance: Chance
  readonly #hasInit: boolean
  #config: AgentConfig
  #state: AgentState = emptyState
  #crashes = 0
  isFresh = false
  steps = 0

  constructor({ plan, chance }: PodParts, program: Program) {
    this.#program = program
    this.#chance = chance
    this.#hasInit = plan.hasInit
    this.#config = program.init
  }

  start(): void {
    const { init, sidecar } = this.#program
    this.#state = emptyState
    this.#config = this.#hasInit ? init : sidecar
    this.#crashes = 0
    this.isFresh = false
  }

  async wake(now: number): Promise<number> {
    const { step, turn, sidecar } = this.#program
    turn.chance = this.#chance
    turn.now = now
    const config = this.#config
    const { state, complete, giveUp, nextWake } = await step(config, this.#state, epoch + now)
    this.steps++
    this.#state = complete ? { ...state, wasComplete: true } : state
    this.isFresh = complete && state.failures.size === 0 && state.loginFailure === undefined
    if (giveUp !== undefined) return now + restartPauseMs(++this.#crashes)
    if (!complete || !config.exitAfterAuth) return nextWake - epoch
    this.#config = sidecar
    return now + second
  }
}

function openProgram(plan: FleetPlan, store: FleetStore, chance: Chance): Program {
  const config = createConfig(plan)
  const turn = { chance, now: 0 }
  const step = createStep(createPorts(plan, store, turn), createTemplates(config))
  return {
    init: { ...config, exitAfterAuth: true },
    sidecar: config,
    step,
    turn,
  }
}

function pathOf(index: number): string {
  return `secret/data/app-${index}`
}

/** As the webhook writes it, in what matters here. */
function createConfig({ secrets, staticIntervalMs }: FleetPlan): AgentConfig {
  const text = JSON.stringify({
    vault: { address: 'http://127.0.0.1:8200' },
    auto_auth: {
      method: { type: 'kubernetes', mount_path: 'auth/kubernetes', config: { role: 'app' } },
    },
    template: Array.from({ length: secrets }, (_, index) => ({
      destination: `/vault/secrets/${index}`,
      contents: `{{ with secret "${pathOf(index)}" }}{{ .Data.data.value }}{{ end }}`,
    })),
    template_config: {
      exit_on_retry_failure: true,
      static_secret_render_interval: `${staticIntervalMs}ms`,
    },
    claviger: {},
  })
  const parsed = readConfig(text, {})
  if (parsed.kind === 'ok') return parsed.value.config
  throw new Error(JSON.stringify(parsed.issues))
}

function createTemplates({ templates }: AgentConfig): readonly CompiledTemplate[] {
  return templates.map((config, index) => ({
    name: config.destination,
    target: { kind: 'file', config },
    template: createTemplate({ kind: 'read', path: pathOf(index), query: [] }),
  }))
}

function createTemplate(request: SecretRequest): Renderable {
  const output = Buffer.from('value')
  const requests = [request]
  return {
    policy: restrictedPolicy,
    text: request.path,
    render: ({ secret }) =>
      secret(request) === undefined
        ? { output, requests, missing: requests, ...apartFromMachine }
        : { output, requests, missing: [], ...apartFromMachine },
  }
}

const answer: SecretAnswer = {
  requestId: '',
  leaseId: '',
  leaseDuration: 0,
  renewable: false,
  data: new Map([['data', new Map([['value', 'value']])]]),
  warnings: [],
}

function createPorts(plan: FleetPlan, store: FleetStore, turn: Program['turn']): StepPorts {
  const ask = (what: Asked) => {
    const refusal = store.ask(turn.now, what)
    if (refusal !== undefined) throw refusal
  }
  const auth = {
    clientToken: 'token',
    accessor: '',
    policies: [],
    metadata: new Map<string, string>(),
    leaseDuration: plan.tokenTtlMs / 1000,
    renewable: true,
  }
  return {
    method: {
      identity: 'kubernetes app',
      facts: { path: 'auth/kubernetes/login', role: 'app' },
      login: async () => {
        ask('login')
        return { granted: { kind: 'token', auth }, credentials: new Map() }
      },
      fingerprint: () => undefined,
    },
    renewToken: async () => {
      ask('renewal')
      return auth
    },
    checkToken: async () => ask('renewal'),
    renewLease: async () => plan.tokenTtlMs / 1000,
    read: async () => {
      ask('read')
      return answer
    },
    mounts: new Map(),
    stores: new Map(),
    prepareSink: async () => Buffer.of(),
    findCertificate: () => undefined,
    chance: () => turn.chance.next(),
    wall: () => epoch + turn.now,
    // Every answer comes at once: nobody is waited for.
    sleep: () => new Promise(() => undefined),
    machine: { ...idleMachine, elapsed: () => turn.now },
  }
}
