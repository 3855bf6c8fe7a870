/** The injectors that are compared: ours under both profiles, and a stock one where its binary is at hand. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'
import type { Contender } from '../report/contenders.ts'
import type { Bench } from './bench.ts'
import { findFreePort } from './free-port.ts'
import { readImageStart } from './image-start.ts'
import type { Running } from './scene.ts'

export interface Injector {
  readonly contender: Contender
  readonly port: number
  readonly running: Running
}

/** Whether processes can be kept on one core, and another is left for the load. */
export const pinned = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0

/** Each injector on core 0, so that what one core gives is compared; this process, which makes the load, on core 1 meanwhile. */
export async function withInjectors<T>(
  bench: Bench,
  use: (injectors: readonly Injector[]) => Promise<T>,
): Promise<T> {
  const files = writeCertificate(bench.root)
  const { peerInjector } = bench
  if (pinned) spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)])
  const injectors = await Promise.all([
    startOurs('claviger', bench, files),
    startOurs('vaultProfile', bench, files),
    ...(peerInjector === undefined ? [] : [startPeer(peerInjector, bench, files)]),
  ])
  try {
    return await use(injectors)
  } finally {
    await Promise.all(injectors.map(({ running }) => running.stop()))
    if (pinned) spawnSync('taskset', ['-a', '-cp', `0-${cpus().length - 1}`, String(process.pid)])
  }
}

const profiles = { claviger: 'claviger', vaultProfile: 'vault-k8s' } as const

async function startOurs(
  contender: keyof typeof profiles,
  { scene, root }: Bench,
  files: Files,
): Promise<Injector> {
  const { flags } = readImageStart(readFileSync('Dockerfile.webhook', 'utf8'))
  const running = scene.start({
    words: onOneCore([
      process.execPath,
      ...flags,
      'dist/webhook.cjs',
      'agent-inject',
      `-profile=${profiles[contender]}`,
      '-listen=127.0.0.1:0',
      '-vault-address=https://vault.vault.svc:8200',
      `-tls-cert-file=${files.cert}`,
      `-tls-key-file=${files.key}`,
    ]),
    environment: {},
    log: join(root, `webhook-${contender}.log`),
  })
  const line = await waitForLine(running, /.*webhook listens.*/)
  const [, port = ''] = /:(\d+)\b(?!.*:\d)/.exec(line) ?? []
  return { contender, port: Number(port), running }
}

/** It insists on a cluster; files that look like one are enough, for it serves while the API does not answer. */
async function startPeer(path: string, { scene, root }: Bench, files: Files): Promise<Injector> {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount'
  if (!existsSync(join(account, 'token'))) {
    mkdirSync(account, { recursive: true })
    writeFileSync(join(account, 'token'), 'bench')
    scene.defer(() => rmSync(account, { recursive: true, force: true }))
  }
  const port = await findFreePort()
  const running = scene.start({
    words: onOneCore([path, 'agent-inject']),
    environment: {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: '9',
      AGENT_INJECT_LISTEN: `127.0.0.1:${port}`,
      AGENT_INJECT_VAULT_ADDR: 'https://vault.vault.svc:8200',
      AGENT_INJECT_TLS_CERT_FILE: files.cert,
      AGENT_INJECT_TLS_KEY_FILE: files.key,
    },
    log: join(root, 'vault-k8s.log'),
  })
  await waitForLine(running, /Listening on/)
  return { contender: 'vaultK8s', port, running }
}

async function waitForLine(running: Running, pattern: RegExp): Promise<string> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    const [line] = pattern.exec(running.output()) ?? []
    if (line !== undefined) return line
    if (running.hasEnded()) break
  }
  throw new Error(`an injector did not say ${pattern}:\n${running.tail()}`)
}

function onOneCore(words: readonly string[]): readonly string[] {
  return pinned ? ['taskset', '-c', '0', ...words] : words
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
