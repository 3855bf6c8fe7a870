/** The webhook's program as a process of its own, from the sources. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Processes, type Running } from '../../../../cli/demo/processes.ts'
import { createTestCertificate } from './certificates.ts'

export interface Program extends Running {
  /** `host:port`. */
  readonly address: string
  readonly ca: string
}

export class Programs {
  readonly #processes = new Processes()
  readonly #folder = mkdtempSync(join(tmpdir(), 'claviger-program-'))

  /** Waits until it listens. */
  async start(words: readonly string[], nodeFlags: readonly string[] = []): Promise<Program> {
    const { ca, pair } = createTestCertificate()
    const [cert, key] = [join(this.#folder, 'tls.crt'), join(this.#folder, 'tls.key')]
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
    const files = [`-tls-cert-file=${cert}`, `-tls-key-file=${key}`]
    const usual = ['-listen=127.0.0.1:0', '-vault-address=http://vault:8200', ...files]
    const running = this.#processes.start({
      program: process.execPath,
      words: [...nodeFlags, 'webhook/main.ts', 'agent-inject', ...usual, ...words],
      environment: {},
    })
    const line = JSON.parse(await running.waitFor(/webhook listens/))
    return { ...running, address: line.address, ca }
  }

  /** A module to be loaded before the program. */
  write(name: string, text: string): string {
    const path = join(this.#folder, name)
    writeFileSync(path, text)
    return path
  }

  async stop(): Promise<void> {
    await this.#processes.stopAll()
    rmSync(this.#folder, { recursive: true })
  }
}
