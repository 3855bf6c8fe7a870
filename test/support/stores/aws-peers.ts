/** AWS's services as peers of the stores' contract: the fake here, and any server that answers at an address. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AwsFake, type AwsFakeOptions, startAwsFake, staticKeys } from './aws-fake.ts'
import { trustedSubject } from './aws-fake-identity.ts'
import { openVendorParameters, openVendorSecrets, testRegion } from './aws-vendor.ts'
import { type PeerFeatures, type StorePeer, serviceFaults } from './store-peer.ts'
import { openTestStore, type TestPorts } from './store-ports.ts'

export type AwsType = 'aws' | 'ssm'

const vendors = { aws: openVendorSecrets, ssm: openVendorParameters } as const

const awsFeatures: Readonly<Record<AwsType, Omit<PeerFeatures, 'renewsCredentials'>>> = {
  aws: {
    isBinarySafe: true,
    largestBytes: 65_536,
    hasTags: true,
    absentVersion: '00000000-0000-4000-8000-000000000000',
    invalidPath: 'a b',
  },
  ssm: {
    isBinarySafe: false,
    largestBytes: 4096,
    hasTags: true,
    absentVersion: '99',
    invalidPath: 'a b',
  },
}

/** With a projected token that STS takes. */
export function fakePeer(type: AwsType): StorePeer {
  return {
    type,
    features: { ...awsFeatures[type], renewsCredentials: true },
    faults: serviceFaults,
    start: async () => {
      const scene = await startFakeScene()
      const { fake } = scene
      const { close, ...access } = vendors[type](fake.address)
      return {
        ...access,
        open: (changes) => scene.open(type, { changes }),
        inject: (fault) => fake.inject(fault),
        stop: async () => {
          close()
          await scene.close()
        },
      }
    },
  }
}

export interface FakeScene {
  readonly fake: AwsFake
  /** Of a token that STS takes. */
  readonly tokenPath: string
  /** Those of a pod with a role. */
  readonly settings: ReadonlyMap<string, string>
  readonly open: (type: AwsType, options?: SceneStore) => ReturnType<typeof openTestStore>
  readonly close: () => Promise<void>
}

export interface SceneStore {
  /** Over those that lead to the fake; an empty text takes one away. */
  readonly changes?: ReadonlyMap<string, string> | undefined
  readonly ports?: TestPorts
}

export async function startFakeScene(options?: AwsFakeOptions): Promise<FakeScene> {
  const fake = await startAwsFake(options)
  const folder = mkdtempSync(join(tmpdir(), 'claviger-aws-'))
  const tokenPath = join(folder, 'token')
  const token = await fake.cluster.issue(
    'sts.amazonaws.com',
    trustedSubject,
    Date.now() + 3_600_000,
  )
  writeFileSync(tokenPath, `${token}\n`)
  const settings = new Map([
    ['region', testRegion],
    ['endpoint', `${fake.address}/{region}`],
    ['sts_endpoint', `${fake.address}/sts`],
    ['role_arn', 'arn:aws:iam::123456789012:role/app'],
    ['token_path', tokenPath],
  ])
  return {
    fake,
    tokenPath,
    settings,
    open: (type, { changes = new Map(), ports = {} } = {}) => {
      const all = new Map([...settings, ...changes])
      for (const [key, value] of changes) if (value === '') all.delete(key)
      return openTestStore(type, all, ports)
    },
    close: async () => {
      await fake.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export interface RunningServer {
  readonly address: string
  readonly stop: () => Promise<void>
}

/** With keys of the environment, as on one's own machine. */
export function serverPeer(
  type: AwsType,
  startServer: () => Promise<RunningServer>,
  flaws: ReadonlyMap<string, string> = new Map(),
): StorePeer {
  return {
    type,
    flaws,
    features: { ...awsFeatures[type], renewsCredentials: false },
    faults: [],
    start: async () => {
      const { address, stop } = await startServer()
      const { close, ...access } = vendors[type](address)
      const environment = {
        AWS_ACCESS_KEY_ID: staticKeys.accessKey,
        AWS_SECRET_ACCESS_KEY: staticKeys.secretKey,
      }
      const settings = [
        ['region', testRegion],
        ['endpoint', address],
      ] as const
      return {
        ...access,
        open: (changes = new Map()) =>
          openTestStore(type, new Map([...settings, ...changes]), { environment }),
        stop: async () => {
          close()
          await stop()
        },
      }
    },
  }
}
