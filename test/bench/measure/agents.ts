/** The agents that are compared: how each is started, and its configuration for the same work. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Contender } from '../report/contenders.ts'
import { readImageStart } from './image-start.ts'
import type { Programs } from './programs.ts'
import type { BenchStore } from './store.ts'

export interface AgentContender {
  readonly contender: Contender
  /** Followed by `-config=PATH`. */
  readonly words: readonly string[]
  /** Those of the words, and others, that it is made of. */
  readonly files: readonly string[]
  readonly configure: (work: Work) => Promise<Configuration>
}

export interface Configuration {
  readonly config: object
  readonly environment: Readonly<Record<string, string>>
}

export interface Work {
  readonly store: BenchStore
  /** Where the agent finds the store: its own address, or a proxy's. */
  readonly address: string
  /** Of the agent's own; files come into `secrets` below it. */
  readonly folder: string
  /** Secrets, a file of each: 1 is `app`, more are `many-0` and so on. */
  readonly secrets: number
  /** By which all times are divided: 1, or for an hour that passes in a minute 60. */
  readonly haste: number
  /** Ends when everything is rendered. */
  readonly once: boolean
}

/** Both are what the webhook asks for and Vault's own default. */
const intervalSeconds = 300
const tokenSeconds = 3600

export function listAgents(programs: Programs): readonly AgentContender[] {
  const { flags, environment } = readImageStart(readFileSync('Dockerfile.agent', 'utf8'))
  const node = [process.execPath, ...flags, resolve('dist/agent.cjs'), 'agent']
  const parts = globSync('dist/agent{,-*}.{cjs,cache}').toSorted()
  const files = [process.execPath, ...parts.map((path) => resolve(path))]
  const configure = (work: Work) => configureOurs(work, environment)
  const { vault, consulTemplate, waiter } = programs
  return [
    { contender: 'claviger', words: node, files, configure },
    ...(waiter === undefined
      ? []
      : [
          {
            contender: 'hibernating' as const,
            words: [waiter, ...node],
            files: [waiter, ...files],
            configure,
          },
        ]),
    ...(vault === undefined
      ? []
      : [
          {
            contender: 'vaultAgent' as const,
            words: [vault, 'agent'],
            files: [vault],
            configure: configureVaultAgent,
          },
        ]),
    ...(consulTemplate === undefined
      ? []
      : [
          {
            contender: 'consulTemplate' as const,
            words: [consulTemplate],
            files: [consulTemplate],
            configure: configureConsulTemplate,
          },
        ]),
  ]
}

/** Writes the configuration; the words and variables that start the agent. */
export async function prepareAgent({ words, configure, contender }: AgentContender, work: Work) {
  mkdirSync(join(work.folder, 'secrets'), { recursive: true })
  const { config, environment } = await configure(work)
  const path = join(work.folder, `${work.once ? 'init' : 'config'}.json`)
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
  const once = contender === 'consulTemplate' && work.once ? ['-once'] : []
  return { words: [...words, `-config=${path}`, ...once], environment }
}

/** Where the files of a piece of work come. */
export function listDestinations({ folder, secrets }: Work): readonly string[] {
  return Array.from({ length: secrets }, (_, at) => join(folder, 'secrets', `secret-${at}`))
}

/** Vault Agent's own, and what our webhook adds to it: a state that outlives the process, on a memory volume. */
async function configureOurs(
  work: Work,
  variables: Readonly<Record<string, string>>,
): Promise<Configuration> {
  const { config, environment } = await configureVaultAgent(work)
  const status = { CLAVIGER_STATUS_FILE: join(work.folder, 'status') }
  return {
    config: { ...config, claviger: { state_path: join(work.folder, 'state') } },
    environment: { ...environment, ...variables, ...status },
  }
}

async function configureVaultAgent(work: Work): Promise<Configuration> {
  const { store, address, folder, haste, once } = work
  const role = await store.role(tokenSeconds / haste)
  const login = { path: store.jwtPath, role, remove_jwt_after_reading: false }
  return {
    config: {
      vault: { address },
      // A list of one: Vault Agent's loader does not take an object here.
      auto_auth: { method: [{ type: 'jwt', mount_path: store.authPath, config: login }] },
      template_config: { static_secret_render_interval: `${intervalSeconds / haste}s` },
      template: listTemplates(work),
      exit_after_auth: once,
    },
    environment: { HOME: folder },
  }
}

async function configureConsulTemplate(work: Work): Promise<Configuration> {
  const { store, address, folder, haste } = work
  const token = await store.login(await store.role(tokenSeconds / haste))
  return {
    config: {
      vault: {
        address,
        token,
        renew_token: true,
        default_lease_duration: `${intervalSeconds / haste}s`,
      },
      template: listTemplates(work),
      // Its own is SIGINT.
      kill_signal: 'SIGTERM',
    },
    environment: { HOME: folder },
  }
}

function listTemplates(work: Work) {
  const { mount } = work.store
  return listDestinations(work).map((destination, at) => {
    const path = `${mount}/data/${work.secrets === 1 ? 'app' : `many-${at}`}`
    const line = 'export PASSWORD="{{ .Data.data.password }}"\n'
    return { destination, contents: `{{ with secret "${path}" }}${line}{{ end }}` }
  })
}
