/** What a failing answer of Key Vault means. Source: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes. */
import { AppError, type ErrorCode, type Facts } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { BearerAnswer } from '../bearer-client.ts'

/** What the identity needs for a call, as access policies call it. */
export type Permission = 'get' | 'list' | 'set' | 'delete' | 'recover' | 'purge'

interface InnerError {
  readonly code: ErrorCode
  readonly facts: (permission: Permission) => Facts
}

const lacking = (permission: Permission): Facts => ({
  hint: `the access policy of the vault does not give the identity the permission ${permission} on secrets`,
})

const tokenHint = 'the token is not one that the vault takes: check tenant_id and authority'

const goesOn: InnerError = { code: 'store_busy', facts: () => ({}) }

/** Codes of an error within the error, which tell more than the status. */
const innerErrors = new Map<string, InnerError>([
  [
    'SecretDisabled',
    {
      code: 'secret_missing',
      facts: () => ({
        reason: 'the secret is disabled',
        hint: 'enable that version, or write a new one',
      }),
    },
  ],
  ['AccessDenied', { code: 'store_refused', facts: lacking }],
  ['ForbiddenByPolicy', { code: 'store_refused', facts: lacking }],
  [
    'ForbiddenByRbac',
    {
      code: 'store_refused',
      facts: (permission) => ({ hint: `the identity lacks ${roleOf(permission)}` }),
    },
  ],
  [
    'ForbiddenByFirewall',
    {
      code: 'store_refused',
      facts: () => ({ hint: 'the firewall of the vault does not let this address in' }),
    },
  ],
  [
    'ForbiddenByConnection',
    {
      code: 'store_refused',
      facts: () => ({ hint: 'the vault takes private links alone, and the request came by none' }),
    },
  ],
  [
    'ObjectIsDeletedButRecoverable',
    {
      code: 'store_refused',
      facts: () => ({ hint: 'a deleted secret has the name: restore it, or delete it for good' }),
    },
  ],
  ['ObjectIsBeingDeleted', goesOn],
  ['ObjectIsBeingRecovered', goesOn],
])

function roleOf(permission: Permission): string {
  return permission === 'get'
    ? 'the role Key Vault Secrets User'
    : 'the role Key Vault Secrets Officer'
}

/** `facts` are the store and the secret. Only Azure's fixed words become facts, never its messages. */
export function describeRefusal(
  { status, body, retryAfterMs }: BearerAnswer,
  permission: Permission,
  facts: Facts,
): AppError {
  const { code, inner } = readError(body)
  const known = innerErrors.get(inner ?? '')
  const error = inner ?? code
  return new AppError(known?.code ?? codeOf(status, code), {
    ...facts,
    status,
    ...(error === undefined ? {} : { error }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(known?.facts(permission) ?? {}),
    ...(status === 401 ? { hint: tokenHint } : {}),
  })
}

/** Whether the secret is on its way from one state to another. */
export function isOnItsWay({ status, body }: BearerAnswer): boolean {
  return status === 409 && innerErrors.get(readError(body).inner ?? '') === goesOn
}

interface ReadError {
  readonly code: string | undefined
  readonly inner: string | undefined
}

function readError(body: JsonObject | undefined): ReadError {
  const error = body?.get('error')
  if (!(error instanceof Map)) return { code: undefined, inner: undefined }
  const inner = error.get('innererror') ?? error.get('innerError')
  return {
    code: wordOf(error.get('code')),
    inner: inner instanceof Map ? wordOf(inner.get('code')) : undefined,
  }
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]{1,60}$/.test(value) ? value : undefined
}

/** A 404 without a word of Azure's is somebody's page, and says nothing of the secret. */
function codeOf(status: number, word: string | undefined): ErrorCode {
  if (status === 404) return word === undefined ? 'store_answer_invalid' : 'secret_missing'
  if (status === 429 || status >= 500) return 'store_busy'
  return status >= 400 ? 'store_refused' : 'store_answer_invalid'
}
