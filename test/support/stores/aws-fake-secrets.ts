/** Secrets Manager as the fake AWS has it. Source: the Secrets Manager API reference. */
import {
  AwsError,
  type Caller,
  type Input,
  invalid,
  pageOf,
  type Service,
} from './aws-fake-operation.ts'
import {
  addVersion,
  arnIn,
  describe,
  exists,
  type FakeSecret,
  makeCurrent,
  partialArn,
  type Version,
} from './aws-fake-secret.ts'

export interface FakeSecrets {
  readonly service: Service
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly find: (name: string) => FakeSecret | undefined
  /** A secret as it was, under another name: services of AWS give their own names that nobody else may. */
  readonly rename: (name: string, to: string) => void
  readonly replicate: (name: string, region: string) => void
  /** As a rotation does it: a version that is pending, then current. Its id. */
  readonly rotate: (name: string, text: string, now: number) => string
  /** Secrets whose key the caller may not use. */
  readonly lockedKeys: Set<string>
  /** Ids for which a whole call is refused, with the type of the error. */
  readonly oddIds: Map<string, string>
}

const common = ['ClientRequestToken', 'SecretString', 'SecretBinary']
const members = {
  CreateSecret: ['Name', 'Description', 'KmsKeyId', 'Tags', 'AddReplicaRegions', ...common],
  PutSecretValue: ['SecretId', 'VersionStages', ...common],
  GetSecretValue: ['SecretId', 'VersionId', 'VersionStage'],
  BatchGetSecretValue: ['SecretIdList', 'Filters', 'MaxResults', 'NextToken'],
  DescribeSecret: ['SecretId'],
  ListSecrets: ['Filters', 'MaxResults', 'NextToken', 'IncludePlannedDeletion', 'SortOrder'],
  ListSecretVersionIds: ['SecretId', 'IncludeDeprecated', 'MaxResults', 'NextToken'],
  DeleteSecret: ['SecretId', 'RecoveryWindowInDays', 'ForceDeleteWithoutRecovery'],
  RestoreSecret: ['SecretId'],
  RotateSecret: [
    ...(['SecretId', 'ClientRequestToken', 'RotationLambdaARN', 'RotationRules'] as const),
    'RotateImmediately',
  ],
} as const

export function createFakeSecrets(): FakeSecrets {
  const secrets = new Map<string, FakeSecret>()
  const lockedKeys = new Set<string>()
  const oddIds = new Map<string, string>()
  const lookUp = (id: string, { region }: Caller): FakeSecret => {
    const odd = oddIds.get(id)
    if (odd !== undefined) throw new AwsError(odd, 'The parameter is invalid.')
    const found = [...secrets.values()].find(
      (secret) =>
        secret.name === id || arnIn(secret, region) === id || partialArn(secret, region) === id,
    )
    if (found?.regions.has(region)) return found
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  }
  const lookUpLive = (id: string, caller: Caller): FakeSecret => {
    const secret = lookUp(id, caller)
    if (secret.deletedAt === undefined) return secret
    const message =
      "You can't perform this operation on the secret because it was marked for deletion."
    throw new AwsError('InvalidRequestException', message)
  }

  const create = (input: Input, { region, now }: Caller) => {
    const name = input.text('Name')
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) throw invalid('Invalid name.')
    const existing = secrets.get(name)
    if (existing?.deletedAt !== undefined) {
      const message =
        "You can't create this secret because a secret with this name is already scheduled for deletion."
      throw new AwsError('InvalidRequestException', message)
    }
    if (existing !== undefined) throw exists()
    const secret: FakeSecret = {
      name,
      suffix: (secrets.size + 0x100000).toString(36).padStart(6, 'A').slice(-6),
      home: region,
      regions: new Set([
        region,
        ...input.objects('AddReplicaRegions').map(({ Region }) => String(Region)),
      ]),
      tags: input.tags(),
      kmsKeyId: input.optionalText('KmsKeyId'),
      versions: [],
      deletedAt: undefined,
      rotation: undefined,
    }
    const version = addVersion(secret, input, now)
    secrets.set(name, secret)
    return { ARN: arnIn(secret, region), Name: name, VersionId: version.id }
  }

  const value = (secret: FakeSecret, version: Version, region: string) => {
    if (lockedKeys.has(secret.name))
      throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed')
    const { id, text, binary, stages, createdAt } = version
    return {
      ARN: arnIn(secret, region),
      Name: secret.name,
      VersionId: id,
      ...(text === undefined ? { SecretBinary: binary } : { SecretString: text }),
      VersionStages: [...stages],
      CreatedDate: createdAt / 1000,
    }
  }

  const get = (input: Input, caller: Caller) => {
    const secret = lookUpLive(input.text('SecretId'), caller)
    const id = input.optionalText('VersionId')
    const stage =
      input.optionalText('VersionStage') ?? (id === undefined ? 'AWSCURRENT' : undefined)
    const version = secret.versions.find(
      (each) =>
        (id === undefined || each.id === id) && (stage === undefined || each.stages.has(stage)),
    )
    if (version !== undefined) return value(secret, version, caller.region)
    const message = `Secrets Manager can't find the specified secret value for ${stage ?? 'VersionId'}`
    throw new AwsError('ResourceNotFoundException', message)
  }

  const batch = (input: Input, caller: Caller) => {
    const ids = input.texts('SecretIdList')
    if (ids.length < 1 || ids.length > 20) throw invalid('SecretIdList has 1 to 20 members.')
    const SecretValues: unknown[] = []
    const Errors: unknown[] = []
    for (const SecretId of ids) {
      try {
        const secret = lookUpLive(SecretId, caller)
        const current = secret.versions.find(({ stages }) => stages.has('AWSCURRENT'))
        if (current !== undefined) SecretValues.push(value(secret, current, caller.region))
      } catch (thrown) {
        if (!(thrown instanceof AwsError) || oddIds.has(SecretId)) throw thrown
        Errors.push({ SecretId, ErrorCode: thrown.type, Message: thrown.message })
      }
    }
    return { SecretValues, Errors }
  }

  const list = (input: Input, { region }: Caller) => {
    const filters = input.objects('Filters')
    const fits = (secret: FakeSecret) =>
      filters.every(({ Key, Values }) => {
        const values = Array.isArray(Values) ? Values.map(String) : []
        const texts =
          Key === 'name' ? [secret.name] : Key === 'tag-key' ? [...secret.tags.keys()] : []
        return values.some((start) => texts.some((text) => text.startsWith(start)))
      })
    const all = [...secrets.values()].filter(
      (secret) => secret.deletedAt === undefined && secret.regions.has(region) && fits(secret),
    )
    const { page, next } = pageOf(all, input, 100)
    return { SecretList: page.map((secret) => describe(secret, region)), ...next }
  }

  const deleteSecret = (input: Input, caller: Caller) => {
    const id = input.text('SecretId')
    const isFinal = input.flag('ForceDeleteWithoutRecovery')
    const days = input.optionalNumber('RecoveryWindowInDays')
    if (isFinal && days !== undefined) throw invalid('not both')
    if (days !== undefined && (days < 7 || days > 30)) throw invalid('7 to 30 days')
    if (isFinal && !secrets.has(id)) return { Name: id }
    const secret = isFinal ? lookUp(id, caller) : lookUpLive(id, caller)
    if (isFinal) secrets.delete(secret.name)
    else secret.deletedAt = caller.now
    return { ARN: arnIn(secret, caller.region), Name: secret.name }
  }

  const service: Service = {
    CreateSecret: create,
    GetSecretValue: get,
    BatchGetSecretValue: batch,
    ListSecrets: list,
    DeleteSecret: deleteSecret,
    PutSecretValue: (input, caller) => {
      const secret = lookUpLive(input.text('SecretId'), caller)
      const { id } = addVersion(secret, input, caller.now)
      return { ARN: arnIn(secret, caller.region), Name: secret.name, VersionId: id }
    },
    DescribeSecret: (input, caller) =>
      describe(lookUp(input.text('SecretId'), caller), caller.region),
    ListSecretVersionIds: (input, caller) => {
      const secret = lookUp(input.text('SecretId'), caller)
      const { page, next } = pageOf(secret.versions, input, 100)
      const Versions = page
        .filter(({ stages }) => stages.size > 0 || input.flag('IncludeDeprecated'))
        .map(({ id, stages, createdAt }) => ({
          VersionId: id,
          VersionStages: [...stages],
          CreatedDate: createdAt / 1000,
        }))
      return { ARN: arnIn(secret, caller.region), Name: secret.name, Versions, ...next }
    },
    RestoreSecret: (input, caller) => {
      const secret = lookUp(input.text('SecretId'), caller)
      secret.deletedAt = undefined
      return { ARN: arnIn(secret, caller.region), Name: secret.name }
    },
    RotateSecret: (input, caller) => {
      const secret = lookUpLive(input.text('SecretId'), caller)
      const lambda = input.optionalText('RotationLambdaARN') ?? secret.rotation?.['lambda']
      if (typeof lambda !== 'string' || lambda.endsWith(':missing')) {
        throw new AwsError('InvalidRequestException', 'Secrets Manager cannot invoke the function.')
      }
      const isImmediate = input.flag('RotateImmediately')
      const rules = input.object('RotationRules')
      secret.rotation = { ...secret.rotation, lambda, ...rules, isImmediate }
      return { ARN: arnIn(secret, caller.region), Name: secret.name }
    },
  }
  return {
    service,
    members,
    find: (name) => secrets.get(name),
    rename: (name, to) => {
      const secret = secrets.get(name)
      if (secret !== undefined) secrets.set(to, { ...secret, name: to })
      secrets.delete(name)
    },
    replicate: (name, region) => secrets.get(name)?.regions.add(region),
    rotate: (name, text, now) => {
      const secret = secrets.get(name)
      if (secret === undefined) throw new Error(`no secret ${name}`)
      return makeCurrent(secret, {
        id: `rotated-${'0'.repeat(20)}-${secret.versions.length}`.padEnd(36, '0'),
        text,
        binary: undefined,
        createdAt: now,
      }).id
    },
    lockedKeys,
    oddIds,
  }
}
