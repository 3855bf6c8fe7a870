/** The built agent as a process, in a folder of its own. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Processes, type Running } from '../../cli/demo/processes.ts'

export const jwt = 'eyJhbGciOiJFUzI1NiJ9.jwt-canary.signature'

export class AgentFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'claviger-agent-'))
  readonly secrets = join(this.root, 'secrets')
  readonly #processes = new Processes()

  constructor() {
    mkdirSync(this.secrets)
    writeFileSync(join(this.root, 'jwt'), `${jwt}\n`)
  }

  /** Vault Agent's configuration for one KV v2 secret; `changes` replace top-level keys. */
  config(address: string, changes: Readonly<Record<string, unknown>> = {}): object {
    const contents =
      '{{ with secret "secret/data/app" }}password={{ .Data.data.password }}{{ end }}'
    return {
      vault: { address },
      auto_auth: {
        method: {
          type: 'kubernetes',
          mount_path: 'auth/kubernetes',
          min_backoff: '50ms',
          config: { role: 'app', token_path: join(this.root, 'jwt') },
        },
      },
      template: [{ destination: join(this.secrets, 'app'), contents }],
      template_config: { exit_on_retry_failure: true },
      claviger: { state_path: join(this.root, 'state', 'state.json') },
      ...changes,
    }
  }

  /** `options` are Node's own. */
  start(
    config: object,
    environment: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Running {
    const encoded = Buffer.from(JSON.stringify(config)).toString('base64')
    return this.#processes.start({
      program: process.execPath,
      words: [...options, 'dist/agent.cjs', 'agent'],
      environment: { VAULT_CONFIG: encoded, VAULT_LOG_LEVEL: 'trace', ...environment },
    })
  }

  /** The agent with the words of a command line, here and with its home here. */
  run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    return this.#processes.start({
      program: process.execPath,
      words: ['dist/agent.cjs', ...words],
      environment: { HOME: this.root, ...environment },
    })
  }

  /** Writes a file beside the secrets and gives its path. */
  write(name: string, text: string): string {
    const path = join(this.root, name)
    writeFileSync(path, text)
    return path
  }

  /** Name → text of everything in the secrets' folder, temporary files included. */
  files(): Readonly<Record<string, string>> {
    const names = readdirSync(this.secrets)
    return Object.fromEntries(
      names.map((name) => [name, readFileSync(join(this.secrets, name), 'utf8')]),
    )
  }

  async remove(): Promise<void> {
    await this.#processes.stopAll()
    rmSync(this.root, { recursive: true })
  }
}
