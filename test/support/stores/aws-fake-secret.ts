/** A secret of the fake AWS: its versions, their stages, its names. */
import { AwsError, type Input, invalid } from './aws-fake-operation.ts'

export const account = '123456789012'

export interface Version {
  readonly id: string
  readonly stages: Set<string>
  readonly text: string | undefined
  readonly binary: string | undefined
  readonly createdAt: number
}

export interface FakeSecret {
  readonly name: string
  readonly suffix: string
  readonly home: string
  /** With the home region. */
  readonly regions: Set<string>
  readonly tags: ReadonlyMap<string, string>
  readonly kmsKeyId: string | undefined
  readonly versions: Version[]
  deletedAt: number | undefined
  rotation: Readonly<Record<string, unknown>> | undefined
}

export function describe(secret: FakeSecret, region: string) {
  const { name, tags, versions, deletedAt } = secret
  return {
    ARN: arnIn(secret, region),
    Name: name,
    Tags: Array.from(tags, ([Key, Value]) => ({ Key, Value })),
    LastChangedDate: Math.max(...versions.map(({ createdAt }) => createdAt)) / 1000,
    ...(deletedAt === undefined ? {} : { DeletedDate: deletedAt / 1000 }),
  }
}

export function arnIn(secret: FakeSecret, region: string): string {
  return `${partialArn(secret, region)}-${secret.suffix}`
}

export function partialArn({ name }: FakeSecret, region: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}`
}

/** The same token again is the same version, unless it has other content. */
export function addVersion(secret: FakeSecret, input: Input, createdAt: number): Version {
  const id = input.text('ClientRequestToken')
  if (id.length < 32 || id.length > 64) throw invalid('ClientRequestToken has 32 to 64 characters.')
  const text = input.optionalText('SecretString')
  const binary = input.optionalText('SecretBinary')
  if ((text === undefined) === (binary === undefined)) {
    throw new AwsError(
      'InvalidParameterException',
      'You must provide either SecretString or SecretBinary.',
    )
  }
  const size =
    text === undefined ? Buffer.from(binary ?? '', 'base64').length : Buffer.byteLength(text)
  if (size < 1 || size > 65_536) throw invalid('A secret has 1 to 65536 bytes.')
  const same = secret.versions.find((version) => version.id === id)
  if (same !== undefined && (same.text !== text || same.binary !== binary)) throw exists()
  return same ?? makeCurrent(secret, { id, text, binary, createdAt })
}

export function makeCurrent(secret: FakeSecret, content: Omit<Version, 'stages'>): Version {
  for (const { stages } of secret.versions) {
    stages.delete('AWSPREVIOUS')
    if (stages.delete('AWSCURRENT')) stages.add('AWSPREVIOUS')
  }
  const version = { ...content, stages: new Set(['AWSCURRENT']) }
  secret.versions.push(version)
  return version
}

export function exists(): AwsError {
  return new AwsError('ResourceExistsException', 'The operation failed because it exists already.')
}
