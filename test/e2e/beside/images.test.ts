/** The images that are shipped: exactly these files, small, the same whenever they are built, and a Node in them that works. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Bom } from '../../../scripts/images/document.ts'
import {
  type ImageContent,
  type ImageFile,
  type Layer,
  readFileOf,
  readImage,
} from '../images/archive.ts'
import { shippedBuilds } from '../images/shipped-images.ts'
import { buildImage, exportImage, readDigest, rebuildImage } from '../images/storage.ts'
import { until } from '../polling.ts'
import { images } from '../settings.ts'
import { fixture, openMachine } from '../support/machine.ts'

const { signal } = new AbortController()
const machine = openMachine()
/** The images share some. */
const layers = new Map<string, Layer>()

const node = ['/usr/local/bin/node']
/** Of x86-64; what the loader maps when Node starts. */
const libraries = [
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libdl.so.2',
  '/lib/x86_64-linux-gnu/libgcc_s.so.1',
  '/lib/x86_64-linux-gnu/libm.so.6',
  '/lib/x86_64-linux-gnu/libpthread.so.0',
  '/lib/x86_64-linux-gnu/libstdc++.so.6',
  '/lib64/ld-linux-x86-64.so.2',
]
const program = (name: string) => [
  '/claviger/sbom.cdx.json',
  `/claviger/${name}.cjs`,
  `/claviger/${name}.cjs.LEGAL.txt`,
]
/** The agent's are scripts beside what starts them and what V8 has compiled of them. */
const agent = [
  '/claviger/sbom.cdx.json',
  ...['clouds', 'program', 'regexps', 'stores', 'traces'].flatMap((name) => [
    `/claviger/agent-${name}.cache`,
    `/claviger/agent-${name}.cjs`,
  ]),
  '/claviger/agent-regexps.cjs.LEGAL.txt',
  '/claviger/agent.cjs',
  '/claviger/store-mysql.cjs',
  '/claviger/store-mysql.cjs.LEGAL.txt',
  '/claviger/store-postgresql.cjs',
  '/claviger/traces.cjs',
  '/claviger/waiter',
  '/usr/local/bin/claviger-agent',
]
/** What is linked into the waiter. */
const staticLibrary = '/usr/lib/x86_64-linux-gnu/libc.a'
const busybox =
  `base64 busybox cat chgrp chmod chown cp cut date echo env false grep head id kill killall ln ls mkdir mv pgrep pkill printf
  ps rm rmdir sed sleep sh sort stat tail tee test touch tr true uniq wc xargs`.split(/\s+/)
const names = [...busybox, 'bao', 'vault'].map((name) => `/bin/${name}`)
const stockNames = ['/usr/local/bin/bao', '/usr/local/bin/vault']

const distroless = {
  ...shippedBuilds.webhook,
  image: 'localhost/claviger-distroless-webhook:e2e',
  target: 'webhook-distroless',
}

/** `above` is the number of layers of the base image, which are not ours to list. */
const cases = [
  ['webhook', shippedBuilds.webhook, 0, [...node, ...libraries, ...program('webhook')]],
  ['webhook-distroless', distroless, 1, [...node, ...program('webhook')]],
  ['agent', shippedBuilds.agent, 0, [...node, ...libraries, ...agent, '/etc/group', '/etc/passwd']],
  [
    'vault-compatible',
    shippedBuilds['vault-compatible'],
    1,
    [...node, ...agent, ...names, ...stockNames],
  ],
] as const

describe.each(cases)('the image %s', (name, build, above, expected) => {
  let content: ImageContent
  let files: readonly ImageFile[]

  beforeAll(async () => {
    if (build === distroless) await buildImage(build, signal)
    content = await readImage(await exportImage(build.image, signal), layers)
    files = content.layers.slice(above).flatMap((layer) => layer.files)
  })

  test('holds these files and nothing else', () => {
    const paths = files.filter(({ mode }) => !mode.startsWith('d')).map(({ path }) => path)
    expect(paths.toSorted()).toEqual([...expected].toSorted())
  })

  test('has a user that is not root, and nothing that makes one root', () => {
    expect(content.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(files.filter(({ mode }) => /[st]/i.test(mode.slice(1)))).toEqual([])
    const others = files.filter(({ owner }) => owner !== '0/0').map(({ path }) => path)
    expect(others).toEqual(name === 'vault-compatible' ? ['/home/', '/home/vault/'] : [])
    expect(files.filter(({ mode }) => mode[8] === 'w' && mode[0] !== 'l')).toEqual([])
  })

  test('lists Node, its libraries, the waiter and the packages of the bundle', async () => {
    const text = await readFileOf(await exportImage(build.image, signal), '/claviger/sbom.cdx.json')
    const bom: Bom = JSON.parse(text)
    const paths = bom.components.flatMap(({ properties = [] }) =>
      properties.flatMap(({ name: key, value }) => (key === 'claviger:path' ? [value] : [])),
    )
    const hasWaiter = expected.some((path) => path === '/claviger/waiter')
    expect(paths).toEqual(hasWaiter ? [...libraries, staticLibrary] : libraries)
    const kinds = bom.components.map(({ purl }) => purl.replace(/^pkg:([a-z]+\/?[a-z]*).*/, '$1'))
    expect([...new Set(kinds.map((kind) => kind.replace(/^npm.*/, 'npm')))]).toEqual([
      'generic/node',
      'deb/debian',
      ...(hasWaiter ? ['generic/claviger'] : []),
      'npm',
    ])
  })

  test('is small', () => {
    const bytes = content.layers.reduce((sum, { compressed }) => sum + compressed, 0)
    const megabytes = bytes / 1e6
    process.stdout.write(`[e2e] image ${name}: ${megabytes.toFixed(1)} MB compressed\n`)
    if (above === 0) expect(megabytes).toBeLessThanOrEqual(45)
  })
})

// One stands for all: the others are made in the same way, and npm ci takes its time.
test('the same sources give the same image, whenever it is built', async () => {
  const again = { ...shippedBuilds.agent, image: 'localhost/claviger-agent:again' }
  expect(await rebuildImage(again, signal)).toBe(await readDigest(images.agent, signal))
})

test('its Node, without symbols, still speaks TLS, signs, and runs WebAssembly', async () => {
  const pod = JSON.parse(await applied(fixture('node.yaml')))
  const phase = await until({
    what: 'the end of the pod',
    probe: async () => {
      const { status } = await readPod(pod.metadata.name)
      return ['Succeeded', 'Failed'].includes(status.phase) ? status.phase : undefined
    },
  })
  const log = await machine.kubectl.run(['logs', pod.metadata.name])
  await machine.kubectl.run(['delete', 'pod', pod.metadata.name, '--wait=false'])
  expect([phase, log.trim()]).toEqual(['Succeeded', 'v24 200 true 42'])
  expect(pod.spec.containers[0].image).toBe(images.agent)
})

function applied(manifest: string): Promise<string> {
  return machine.kubectl.run(['create', '--filename', '-', '--output', 'json'], manifest)
}

async function readPod(name: string) {
  return JSON.parse(await machine.kubectl.run(['get', 'pod', name, '--output', 'json']))
}
