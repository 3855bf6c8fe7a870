/** The web identity of a container, which the stock agent needs to log in by the method `aws`. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { MountView, PodView } from '../pod.ts'
import type { LoginSettings } from './login.ts'

export interface AwsIdentity {
  readonly mount: Pick<MountView, 'name' | 'path'> | undefined
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

/** Source: vault-k8s, agent-inject/agent/container_env.go. */
const copiedVariables = [
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
]

/** What the first container that has it brings, and the region that the annotations name. */
export function readAwsIdentity(
  reader: AnnotationReader,
  { containers }: PodView,
  { type, parameters }: LoginSettings,
): AwsIdentity {
  if (type !== 'aws') return { mount: undefined, env: [] }
  const mount = containers
    .flatMap(({ mounts }) => mounts ?? [])
    .find(({ path }) => path.includes('eks.amazonaws.com'))
  const variables = containers.flatMap(({ env }) => env)
  const copied = copiedVariables.flatMap((name) => {
    const found = variables.find((variable) => variable.name === name)
    return found === undefined ? [] : [{ name, value: found.value }]
  })
  const region = reader.has({ key: `${annotations.authConfig.key}region` })
    ? [{ name: 'AWS_REGION', value: parameters.get('region') ?? '' }]
    : []
  return { mount, env: [...copied, ...region] }
}
