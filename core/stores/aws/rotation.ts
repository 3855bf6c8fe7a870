/** The rotation of secrets that a store makes, by a Lambda function. */
import { randomUUID } from 'node:crypto'
import type { Environment } from '../../environment.ts'
import { AppError } from '../../errors.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { CallService } from './service-client.ts'

export interface Rotation {
  /** ARN of the function. */
  readonly lambda: string
  /** Errors: those of the call, with `made: true`: the secret is there and nothing rotates it. */
  readonly setUp: (secret: RotatedSecret) => Promise<void>
}

interface RotatedSecret {
  readonly path: string
  readonly call: CallService
  readonly signal: AbortSignal | undefined
}

/** Source: the Lambda API reference, `FunctionArn`. */
const lambdaPattern =
  /^arn:aws[a-z-]{0,16}:lambda:[a-z0-9-]{1,63}:\d{12}:function:[\w-]{1,140}(?::(?:\$LATEST|[\w-]{1,128}))?$/

/**
 * Undefined where nothing is to rotate. The variables are those of Keep HQ, where `AWS_SECRET_ROTATION_ENABLED` says whether the
 * others count. Errors: `config_invalid` for what is no ARN of a function.
 */
export function findRotation(
  settings: StoreSettings,
  environment: Environment,
): Rotation | undefined {
  // As Keep HQ reads it, with the booleans of Starlette.
  const isEnabled = /^\s*(?:true|1)\s*$/i.test(environment['AWS_SECRET_ROTATION_ENABLED'] ?? '')
  const variables = isEnabled ? environment : {}
  const lambda = settingOf(settings, 'rotation_lambda', variables)
  if (lambda === undefined && !isEnabled) return undefined
  const store = settings.name
  if (lambda === undefined || !lambdaPattern.test(lambda)) {
    const reason = 'rotation_lambda: arn:aws:lambda:REGION:ACCOUNT:function:NAME was expected'
    throw new AppError('config_invalid', { store, reason })
  }
  const days = Number(settingOf(settings, 'rotation_days', variables) ?? 30)
  return {
    lambda,
    setUp: async ({ path, call, signal }) => {
      const input = {
        SecretId: path,
        ClientRequestToken: randomUUID(),
        RotationLambdaARN: lambda,
        RotationRules: { AutomaticallyAfterDays: days },
        RotateImmediately: false,
      }
      try {
        await call({ operation: 'RotateSecret', input, path, signal })
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown
        const hint = 'the secret was made, its rotation was not set up'
        throw new AppError(thrown.code, { ...thrown.facts, made: true, hint }, { cause: thrown })
      }
    },
  }
}
