/** Parameter Store as the fake AWS has it. Source: the Systems Manager API reference. */
import {
  AwsError,
  type Caller,
  type Input,
  invalid,
  pageOf,
  type Service,
} from './aws-fake-operation.ts'
import { account } from './aws-fake-secret.ts'

interface Version {
  readonly number: number
  readonly value: string
  readonly labels: readonly string[]
  readonly createdAt: number
}

export interface FakeParameter {
  readonly name: string
  readonly type: string
  readonly tier: string | undefined
  readonly keyId: string | undefined
  readonly tags: Map<string, string>
  readonly versions: Version[]
}

export interface FakeParameters {
  readonly service: Service
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly find: (name: string) => FakeParameter | undefined
  readonly label: (name: string, label: string) => void
  /** Parameters for whose sake a whole call is refused. */
  readonly denied: Set<string>
}

const members = {
  PutParameter: [
    ...(['Name', 'Value', 'Type', 'Tier', 'KeyId', 'Overwrite', 'Tags', 'Description'] as const),
    'DataType',
  ],
  GetParameter: ['Name', 'WithDecryption'],
  GetParameters: ['Names', 'WithDecryption'],
  GetParametersByPath: ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
  DescribeParameters: ['ParameterFilters', 'MaxResults', 'NextToken'],
  GetParameterHistory: ['Name', 'WithDecryption', 'MaxResults', 'NextToken'],
  DeleteParameter: ['Name'],
  AddTagsToResource: ['ResourceType', 'ResourceId', 'Tags'],
} as const

const namePattern = /^(?!aws|ssm)(?:\/[\w.-]+)+$|^(?!aws|ssm)[\w.-]+$/i

export function createFakeParameters(): FakeParameters {
  const parameters = new Map<string, FakeParameter>()
  const denied = new Set<string>()
  const requireName = (name: string) => {
    if (!namePattern.test(name)) throw invalid('Parameter name must be a fully qualified name.')
    return name
  }
  const lookUp = (name: string): FakeParameter => {
    const found = parameters.get(name)
    if (found === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`)
    return found
  }

  const put = (input: Input, { now }: Caller) => {
    const name = requireName(input.text('Name'))
    const value = input.text('Value')
    const existing = parameters.get(name)
    const type = input.optionalText('Type') ?? existing?.type
    const tags = input.tags()
    const isOverwrite = input.flag('Overwrite')
    if (existing !== undefined && !isOverwrite) {
      throw new AwsError('ParameterAlreadyExists', 'The parameter already exists.')
    }
    if (type === undefined)
      throw invalid('A parameter type is required when you create a parameter.')
    if (isOverwrite && tags.size > 0) throw invalid("tags and overwrite can't be used together.")
    if (value === '' || Buffer.byteLength(value) > 4096) throw invalid('Standard tier: 4096 bytes.')
    const versions = existing?.versions ?? []
    const number = (versions.at(-1)?.number ?? 0) + 1
    versions.push({ number, value, labels: [], createdAt: now })
    parameters.set(name, {
      name,
      type,
      tier: input.optionalText('Tier') ?? existing?.tier,
      keyId: input.optionalText('KeyId'),
      tags: existing?.tags ?? new Map(tags),
      versions,
    })
    return { Version: number, Tier: input.optionalText('Tier') ?? 'Standard' }
  }

  const readValue = (asked: string, input: Input, { region }: Caller) => {
    const [, name = '', selector] = /^(.*?)(?::([^:/]+))?$/.exec(asked) ?? []
    if (denied.has(name)) throw denial(name)
    const parameter = lookUp(name)
    const version = parameter.versions.findLast(
      ({ number, labels }) =>
        selector === undefined || String(number) === selector || labels.includes(selector),
    )
    if (version === undefined) throw new AwsError('ParameterVersionNotFound', 'No such version.')
    return {
      ...describe(parameter, version, region),
      Value: shown(parameter, version, input),
      ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    }
  }

  const getMany = (input: Input, caller: Caller) => {
    const names = input.texts('Names')
    if (names.length < 1 || names.length > 10) throw invalid('Names has 1 to 10 members.')
    if (new Set(names).size < names.length) throw invalid('Names has duplicates.')
    const Parameters: unknown[] = []
    const InvalidParameters: string[] = []
    for (const name of names) {
      try {
        Parameters.push(readValue(name, input, caller))
      } catch (thrown) {
        const isAbsent = thrown instanceof AwsError && thrown.type.startsWith('Parameter')
        if (!isAbsent) throw thrown
        InvalidParameters.push(name)
      }
    }
    return { Parameters, InvalidParameters }
  }

  const list = (input: Input, { region }: Caller) => {
    const filters = input.objects('ParameterFilters')
    const fits = (parameter: FakeParameter) =>
      filters.every(({ Key, Option, Values }) => {
        const [value = ''] = Array.isArray(Values) ? Values.map(String) : []
        if (Key === 'Name' && Option === 'BeginsWith') return parameter.name.startsWith(value)
        const tag = /^tag:(.+)$/.exec(String(Key))?.[1] ?? ''
        return Option === 'Equals' && parameter.tags.get(tag) === value
      })
    const { page, next } = pageOf([...parameters.values()].filter(fits), input, 50)
    const described = page.map((each) => describe(each, each.versions.at(-1), region))
    return { Parameters: described, ...next }
  }

  const byPath = (input: Input, caller: Caller) => {
    const below = `${input.text('Path').replace(/\/$/, '')}/`
    const all = [...parameters.values()].filter(({ name }) => name.startsWith(below))
    const { page, next } = pageOf(all, input, 10)
    return { Parameters: page.map(({ name }) => readValue(name, input, caller)), ...next }
  }

  const service: Service = {
    PutParameter: put,
    GetParameters: getMany,
    DescribeParameters: list,
    GetParametersByPath: byPath,
    GetParameter: (input, caller) => ({ Parameter: readValue(input.text('Name'), input, caller) }),
    GetParameterHistory: (input, { region }) => {
      const parameter = lookUp(input.text('Name'))
      const { page, next } = pageOf(parameter.versions, input, 50)
      const Parameters = page.map((version) => ({
        ...describe(parameter, version, region),
        Value: shown(parameter, version, input),
        Labels: version.labels,
      }))
      return { Parameters, ...next }
    },
    DeleteParameter: (input) => {
      parameters.delete(lookUp(input.text('Name')).name)
      return {}
    },
    AddTagsToResource: (input) => {
      if (input.text('ResourceType') !== 'Parameter') throw invalid('ResourceType')
      const { tags } = lookUp(input.text('ResourceId'))
      for (const [key, value] of input.tags()) tags.set(key, value)
      return {}
    },
  }
  return {
    service,
    members,
    find: (name) => parameters.get(name),
    label: (name, label) => {
      const { versions } = lookUp(name)
      const newest = versions.at(-1)
      if (newest !== undefined) versions.push({ ...(versions.pop() ?? newest), labels: [label] })
    },
    denied,
  }
}

function describe({ name, type }: FakeParameter, version: Version | undefined, region: string) {
  return {
    Name: name,
    Type: type,
    Version: version?.number,
    LastModifiedDate: (version?.createdAt ?? 0) / 1000,
    ARN: `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`,
    DataType: 'text',
  }
}

/** A SecureString that nobody asks to decrypt is of no use. */
function shown({ type }: FakeParameter, { value }: Version, input: Input): string {
  return type === 'SecureString' && !input.flag('WithDecryption') ? 'AQICAHencrypted' : value
}

function denial(name: string): AwsError {
  const resource = `arn:aws:ssm:eu-west-1:${account}:parameter${name}`
  return new AwsError(
    'AccessDeniedException',
    `User: arn:aws:sts::${account}:assumed-role/app/session is not authorized to perform: ssm:GetParameters on resource: ${resource}`,
  )
}
