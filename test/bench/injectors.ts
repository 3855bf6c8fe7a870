/** The injectors that are compared: ours under both profiles, and a stock one where its binary is at hand. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Processes } from '../../cli/demo/processes.ts'
import { createCa, createLeaf } from '../../webhook/tls/x509.ts'

export interface Injector {
  readonly name: string
  readonly port: number
  readonly pid: number
}

export interface InjectorOptions {
  readonly processes: Processes
  /** For certificates. */
  readonly root: string
  /** Path of a vault-k8s binary. */
  readonly peer: string | undefined
}

/** Whether processes can be kept on one core. */
export const pinned = spawnSync('taskset', ['-V']).status === 0

/** Each on core 0, so that what one core gives is compared; the load keeps off it where there is another. */
export async function startInjectors(options: InjectorOptions): Promise<readonly Injector[]> {
  if (pinned) spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)])
  const files = writeCertificate(options.root)
  const ours = ['claviger', 'vault-k8s'].map((profile) => startOurs(profile, files, options))
  const peer = options.peer === undefined ? [] : [startPeer(options.peer, files, options)]
  return Promise.all([...ours, ...peer])
}

async function startOurs(
  profile: string,
  files: Files,
  { processes }: InjectorOptions,
): Promise<Injector> {
  const running = processes.start({
    ...onOneCore([
      process.execPath,
      // As in Dockerfile.webhook.
      '--max-semi-space-size=4',
      'dist/webhook.cjs',
      'agent-inject',
      `-profile=${profile}`,
      '-listen=127.0.0.1:0',
      '-vault-address=https://vault.vault.svc:8200',
      `-tls-cert-file=${files.cert}`,
      `-tls-key-file=${files.key}`,
    ]),
    environment: { PATH: process.env['PATH'] ?? '' },
  })
  const line = await running.waitFor(/webhook listens/)
  const [, port = ''] = /:(\d+)\b(?!.*:\d)/.exec(line) ?? []
  return { name: `claviger, profile ${profile}`, port: Number(port), pid: running.pid ?? 0 }
}

/** It insists on a cluster; files that look like one are enough, for it serves while the API does not answer. */
async function startPeer(
  path: string,
  files: Files,
  { processes }: InjectorOptions,
): Promise<Injector> {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount'
  if (!existsSync(join(account, 'token'))) {
    mkdirSync(account, { recursive: true })
    writeFileSync(join(account, 'token'), 'bench')
    process.once('exit', () => rmSync(account, { recursive: true, force: true }))
  }
  const port = await findFreePort()
  const running = processes.start({
    ...onOneCore([path, 'agent-inject']),
    environment: {
      PATH: process.env['PATH'] ?? '',
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: '9',
      AGENT_INJECT_LISTEN: `127.0.0.1:${port}`,
      AGENT_INJECT_VAULT_ADDR: 'https://vault.vault.svc:8200',
      AGENT_INJECT_TLS_CERT_FILE: files.cert,
      AGENT_INJECT_TLS_KEY_FILE: files.key,
    },
  })
  await running.waitFor(/Listening on/)
  return { name: 'vault-k8s', port, pid: running.pid ?? 0 }
}

function onOneCore([program = '', ...words]: readonly string[]) {
  return pinned ? { program: 'taskset', words: ['-c', '0', program, ...words] } : { program, words }
}

interface Files {
  readonly cert: string
  readonly key: string
}

function writeCertificate(root: string): Files {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }
  const leaf = createLeaf(createCa('Bench CA', validity), ['localhost', '127.0.0.1'], validity)
  const files = { cert: join(root, 'injector.crt'), key: join(root, 'injector.key') }
  writeFileSync(files.cert, leaf.cert)
  writeFileSync(files.key, leaf.key, { mode: 0o600 })
  return files
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0
      server.close(() => resolve(port))
    })
  })
}
