/** The proofs of the aws method. */
import { describe, expect, test } from '@jest/globals'
import { start } from '../../../support/agent-fixtures.ts'
import { routes, useCloudScene } from '../../../support/cloud-scene.ts'
import { nothing } from '../../../support/login-scene.ts'
import type { Script, ScriptedAnswer } from '../../../support/scripted-vault.ts'

const { answer, cloud, form, method, projected, sent } = useCloudScene()
const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString()

describe('aws', () => {
  const config = { type: 'iam', role: 'app', header_value: 'vault.example' }
  const signed = () => {
    const headers = JSON.parse(decode(sent()['iam_request_headers']))
    return { ...headers, Authorization: String(headers.Authorization) }
  }

  test('signs a request for its identity with configured keys', async () => {
    const keys = { access_key: 'AKID', secret_key: 'configured', session_token: 'session' }
    const region = 'eu-central-1'
    await method('aws', { ...config, ...keys, region }, {}).login(nothing)
    expect(sent()).toMatchObject({ role: 'app', iam_http_request_method: 'POST' })
    expect(decode(sent()['iam_request_url'])).toBe('https://sts.eu-central-1.amazonaws.com/')
    expect(decode(sent()['iam_request_body'])).toBe('Action=GetCallerIdentity&Version=2011-06-15')
    expect(signed()).toMatchObject({
      'X-Vault-AWS-IAM-Server-ID': ['vault.example'],
      'X-Amz-Date': ['20260101T000000Z'],
      'X-Amz-Security-Token': ['session'],
      Authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/20260101\/eu-central-1\/sts\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-vault-aws-iam-server-id, Signature=[0-9a-f]{64}$/,
      ),
    })
  })

  test('takes the keys of the environment, for the region without a name', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'AKENV', AWS_SECRET_ACCESS_KEY: 's' }
    await method('aws', config, environment).login(nothing)
    expect(decode(sent()['iam_request_url'])).toBe('https://sts.amazonaws.com/')
    expect(signed().Authorization).toContain('Credential=AKENV/20260101/us-east-1/')
    expect(signed()).not.toHaveProperty('X-Amz-Security-Token')
  })

  test('exchanges the projected token of IRSA', async () => {
    answer(() => ({
      status: 200,
      body: '<R><Credentials><AccessKeyId>AKIRSA</AccessKeyId><SecretAccessKey>s/k+</SecretAccessKey><SessionToken>t==</SessionToken></Credentials></R>',
    }))
    await method('aws', config, {
      AWS_ROLE_ARN: 'arn:aws:iam::1:role/app',
      AWS_WEB_IDENTITY_TOKEN_FILE: projected(),
      AWS_ENDPOINT_URL_STS: cloud().address,
    }).login(nothing)
    expect(form(0)).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::1:role/app',
      RoleSessionName: `claviger-agent-${start}`,
      WebIdentityToken: 'projected-token',
    })
    expect(signed().Authorization).toContain('Credential=AKIRSA/')
    expect(signed()['X-Amz-Security-Token']).toEqual(['t=='])
  })

  test('asks the agent of EKS Pod Identity, with the projected token', async () => {
    answer(routes({ creds: { AccessKeyId: 'AKPOD', SecretAccessKey: 's', Token: 't' } }))
    await method('aws', config, {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${cloud().address}/v1/creds`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: projected(),
    }).login(nothing)
    expect(cloud().requests[0]?.headers.authorization).toBe('projected-token')
    expect(signed().Authorization).toContain('Credential=AKPOD/')
  })

  test('sends a projected token in plain text to nobody but AWS', async () => {
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.com/creds',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: projected(),
    }
    await expect(method('aws', config, environment).login(nothing)).rejects.toMatchObject({
      code: 'credentials_unavailable',
      facts: { source: 'AWS_CONTAINER_CREDENTIALS_FULL_URI' },
    })
  })

  const instance =
    (): Script =>
    ({ method: verb, path, headers }) => {
      if (verb === 'PUT') return { status: 200, body: 'imds-token' }
      if (headers['x-aws-ec2-metadata-token'] !== 'imds-token') return { status: 401 }
      const answers: Record<string, ScriptedAnswer> = {
        '/latest/meta-data/iam/security-credentials/': { status: 200, body: 'node-role\n' },
        '/latest/meta-data/iam/security-credentials/node-role': {
          status: 200,
          body: { AccessKeyId: 'AKNODE', SecretAccessKey: 's', Token: 't' },
        },
        '/latest/dynamic/instance-identity/document': { status: 200, body: '{"a": 1}' },
        '/latest/dynamic/instance-identity/signature': { status: 200, body: 'c2ln' },
      }
      return answers[path] ?? { status: 404 }
    }

  test('asks the metadata service of the machine for a token first', async () => {
    answer(instance())
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud().address }
    await method('aws', config, environment).login(nothing)
    expect(signed().Authorization).toContain('Credential=AKNODE/')
  })

  test('shows the document of the machine, always with the same nonce', async () => {
    answer(instance())
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: cloud().address }
    const { login } = method('aws', { type: 'ec2', role: 'app' }, environment)
    const { credentials } = await login(nothing)
    const first = sent()
    await method('aws', { type: 'ec2', role: 'app' }, environment).login(credentials)
    expect(first).toMatchObject({ role: 'app', signature: 'c2ln' })
    expect(decode(first['identity'])).toBe('{"a": 1}')
    expect(first['nonce']).toMatch(/^[0-9a-f-]{36}$/)
    expect(sent()).toEqual(first)
  })
})
