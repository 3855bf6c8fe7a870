/** Names of secrets, and ARNs, which say their region. */
import { awsRegionPattern } from '../../cloud/aws-endpoint.ts'
import { AppError } from '../../errors.ts'

/** Source: the Secrets Manager API reference, `CreateSecret`; and its guide, "Secrets managed by other services", whose names have a `!`. */
const namePattern = /^[\w/+=.@!-]{1,512}$/
const arnPattern =
  /^(arn:[\w-]{1,20}:secretsmanager:)([a-z0-9-]{1,63})(:\d{12}:secret:[\w/+=.@!-]{1,600})$/

/** The region of an ARN, undefined for a name. Errors: `input_invalid` for what is neither. */
export function regionOfSecret(path: string, store: string): string | undefined {
  const region = arnPattern.exec(path)?.[2]
  if (region !== undefined && awsRegionPattern.test(region)) return region
  if (namePattern.test(path)) return undefined
  const reason = 'a name of letters, digits and /_+=.@-!, or a full ARN, was expected'
  throw new AppError('input_invalid', { store, path, reason })
}

/** The same secret as its replica in another region knows itself. */
export function secretIdIn(path: string, region: string): string {
  return path.replace(
    arnPattern,
    (_, head: string, _own: string, tail: string) => head + region + tail,
  )
}

/** Whether a secret that an answer describes is the one that was asked for; ARNs are taken without their random end, too. */
export function isNamed(
  asked: string,
  { name, arn }: { readonly name: string; readonly arn: string },
): boolean {
  return (
    asked === name ||
    asked === arn ||
    (asked.startsWith('arn:') && arn.startsWith(`${asked}-`) && arn.length === asked.length + 7)
  )
}
