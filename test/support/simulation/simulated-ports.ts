/** What a process reaches the simulated world through. */
import type { StateStore } from '../../../agent/files/state-file.ts'
import { type AgentState, emptyState } from '../../../agent/plan/state.ts'
import type { StepPorts } from '../../../agent/step/ports.ts'
import type { Clock } from '../../../core/clock.ts'
import { createLogger, type Logger } from '../../../core/log.ts'
import { idleMachine } from '../idle-machine.ts'
import type { Network } from './network.ts'
import { cloudName, createCloudStore } from './simulated-cloud.ts'
import { never, type SimulatedProcess } from './simulated-process.ts'
import { canary } from './simulated-vault.ts'
import type { World } from './world.ts'

export function createPorts(world: World, network: Network, process: SimulatedProcess): StepPorts {
  const { vault, time, chances } = world
  /** How long before a grant its request's step began; the request may outlive the step. */
  const startLag = () => {
    const { stepAt } = process
    return () => time.now - stepAt
  }
  return {
    method: {
      identity: 'kubernetes app',
      facts: { path: 'auth/kubernetes/login', role: 'app' },
      login: async () => {
        const lagMs = startLag()
        const question = { what: 'login', subject: 'session', token: undefined } as const
        const auth = await network.ask(process, question, () => vault.login(lagMs()))
        return { granted: { kind: 'token', auth }, credentials: new Map() }
      },
      fingerprint: () => undefined,
    },
    renewToken: (secret) => {
      const lagMs = startLag()
      const token = secret.reveal()
      const question = { what: 'renew token', subject: 'session', token } as const
      return network.ask(process, question, () => vault.renewToken(token, lagMs()))
    },
    checkToken: async (secret) => {
      const token = secret.reveal()
      const question = { what: 'check token', subject: 'check', token } as const
      await network.ask(process, question, () => vault.find(token))
    },
    renewLease: (id, secret) => {
      const lagMs = startLag()
      const token = secret.reveal()
      const subject = id.slice(0, id.lastIndexOf('/'))
      const question = { what: 'renew lease', subject, token } as const
      return network.ask(process, question, () => vault.renewLease(id, token, lagMs()))
    },
    read: ({ path }, secret) => {
      const lagMs = startLag()
      const token = secret.reveal()
      const question = { what: 'read', subject: path, token } as const
      return network.ask(process, question, () => vault.read(path, token, lagMs()))
    },
    mounts: new Map(),
    stores: createCloudStores(world, network, process),
    prepareSink: async ({ path, wrapTtlMs }, secret) => {
      const token = secret.reveal()
      if (wrapTtlMs === undefined) return Buffer.from(token)
      const question = { what: 'wrap token', subject: path, token } as const
      return network.ask(process, question, () => Buffer.from(`wrapped ${vault.find(token).name}`))
    },
    findCertificate: () => undefined,
    chance: chances.agent.next,
    wall: () => time.now + world.wallLeadMs,
    sleep: (ms, signal) => waitAlive(world, process, { ms, signal }),
    machine: { ...idleMachine, elapsed: () => time.now },
  }
}

function createCloudStores(
  { plan, cloud }: World,
  network: Network,
  process: SimulatedProcess,
): StepPorts['stores'] {
  if (plan.cloud === undefined) return new Map()
  return new Map([[cloudName, createCloudStore(plan.cloud, { cloud, network, process })]])
}

interface Wait {
  readonly ms: number
  readonly signal: AbortSignal
}

/** No moment at which the process may be killed: it waits for something else as well. */
function waitAlive(
  { time }: World,
  process: SimulatedProcess,
  { ms, signal }: Wait,
): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', wake)
      cancel()
      if (process.isAlive) resolve()
    }
    const cancel = time.after(ms, wake)
    signal.addEventListener('abort', wake)
  })
}

export function createClock({ time, chances }: World, process: SimulatedProcess): Clock {
  return {
    now: () => time.now,
    chance: chances.agent.next,
    sleep: (ms, signal) => {
      if (!process.pass()) return never()
      if (signal?.aborted === true) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake)
          cancel()
          if (process.pass()) resolve()
        }
        const cancel = time.after(ms, wake)
        signal?.addEventListener('abort', wake)
      })
    },
  }
}

/** What outlives a process, where something does. */
export interface Volume {
  state: AgentState | undefined
}

/** The process may be killed before and after each save. */
export function createStateStore(
  { history }: World,
  process: SimulatedProcess,
  volume: Volume,
): StateStore {
  return {
    load: () => ({ state: volume.state ?? emptyState, discarded: false }),
    save: (state) => {
      process.passOrThrow()
      volume.state = state
      history.note({ kind: 'saved', state })
      process.passOrThrow()
    },
  }
}

/** Whatever is logged is looked through for secrets. */
export function createSearchedLogger({ history, time }: World): Logger {
  const write = (line: string) => {
    if (line.includes(canary)) history.note({ kind: 'told a secret', where: line })
  }
  return createLogger({ level: 'trace', format: 'json', write, now: () => time.now })
}
