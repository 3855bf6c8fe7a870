/** Agents as processes of this machine, beside the cluster: ours and Vault's, each with a login of its own. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Processes, type Running } from '../../../cli/demo/processes.ts'
import { paths, repository, vaultUrl } from '../settings.ts'
import type { Machine } from './machine.ts'

export interface Contender {
  readonly name: string
  readonly program: string
  /** Followed by `-config=PATH`. */
  readonly words: readonly string[]
}

export const ours: Contender = {
  name: 'claviger',
  program: process.execPath,
  words: [join(repository, 'dist/agent.cjs'), 'agent'],
}

export const stock: Contender = {
  name: 'Vault Agent',
  program: join(paths.binaries, 'vault'),
  words: ['agent'],
}

export interface Login {
  /** Of the auth method: the display name of its tokens. */
  readonly mount: string
  /** For `auto_auth`; a list, because Vault Agent's loader does not take an object here. */
  readonly method: readonly object[]
}

export class AgentsFolder {
  readonly root: string
  readonly #processes = new Processes()

  constructor(name: string) {
    mkdirSync(paths.state, { recursive: true })
    this.root = mkdtempSync(join(paths.state, `${name}-`))
  }

  /** An approle method with one role; `rules` maps paths to capabilities, `token` holds the role's fields about tokens. */
  async logIn(
    { vault }: Machine,
    rules: Readonly<Record<string, readonly string[]>>,
    token: Readonly<Record<string, string>>,
  ): Promise<Login> {
    const mount = `agents-${randomUUID().slice(0, 8)}`
    const path = Object.entries(rules).map(([at, capabilities]) => [at, { capabilities }])
    const policy = JSON.stringify({ path: Object.fromEntries(path) })
    await vault.call('PUT', `sys/policies/acl/${mount}`, { policy })
    await vault.call('POST', `sys/auth/${mount}`, { type: 'approle' })
    const role = `auth/${mount}/role/app`
    await vault.call('POST', role, { token_policies: mount, ...token })
    const { role_id } = await this.#ask(vault.call('GET', `${role}/role-id`))
    const { secret_id } = await this.#ask(vault.call('POST', `${role}/secret-id`, {}))
    const config = {
      role_id_file_path: this.#keep(`${mount}.role-id`, role_id),
      secret_id_file_path: this.#keep(`${mount}.secret-id`, secret_id),
      remove_secret_id_file_after_reading: false,
    }
    return { mount, method: [{ type: 'approle', mount_path: `auth/${mount}`, config }] }
  }

  /** `name` is that of the configuration's file. */
  start({ program, words }: Contender, name: string, config: object): Running {
    const whole = { vault: { address: vaultUrl }, ...config }
    const path = this.#keep(`${name}.json`, JSON.stringify(whole))
    return this.#processes.start({
      program,
      words: [...words, `-config=${path}`],
      environment: { PATH: process.env['PATH'] ?? '', HOME: this.root },
    })
  }

  async remove(): Promise<void> {
    await this.#processes.stopAll()
    rmSync(this.root, { recursive: true, force: true })
  }

  async #ask(call: Promise<{ readonly [property: string]: unknown } | undefined>) {
    const data = (await call)?.['data']
    return Object.fromEntries(
      Object.entries(data ?? {}).map(([name, value]) => [name, String(value)]),
    )
  }

  #keep(name: string, text: string | undefined): string {
    const path = join(this.root, name)
    writeFileSync(path, text ?? '', { mode: 0o600 })
    return path
  }
}
