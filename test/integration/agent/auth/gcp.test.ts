/** The proofs of the gcp method. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { jwtVerify } from 'jose'
import { start } from '../../../support/agent-fixtures.ts'
import { queryOf, routes, useCloudScene } from '../../../support/cloud-scene.ts'
import { nothing } from '../../../support/login-scene.ts'

const { answer, cloud, file, form, method, projected, sent, storeAddress } = useCloudScene()

describe('gcp', () => {
  const accounts = '/computeMetadata/v1/instance/service-accounts'
  const signJwt = '/v1/projects/-/serviceAccounts'
  const services = () => ({
    GCE_METADATA_HOST: new URL(cloud().address).host,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: cloud().address,
  })
  const payload = (index: number) =>
    JSON.parse(JSON.parse(cloud().requests[index]?.body ?? '').payload)
  const claims = (subject: string, minutes = 15) => ({
    aud: 'http://vault/app',
    sub: subject,
    exp: start / 1000 + minutes * 60,
  })

  test('asks the metadata service for a token of the machine', async () => {
    answer(routes({ [`${accounts}/default/identity`]: 'machine-jwt' }))
    await method('gcp', { type: 'gce', role: 'app' }, services()).login(nothing)
    expect(sent()).toEqual({ role: 'app', jwt: 'machine-jwt' })
    const [asked] = cloud().requests
    expect(asked?.headers['metadata-flavor']).toBe('Google')
    expect(queryOf(asked?.path)).toEqual({
      audience: `${storeAddress()}/vault/app`,
      format: 'full',
    })
  })

  test('has Google sign for the account of the machine', async () => {
    answer(
      routes({
        [`${accounts}/default/token`]: { access_token: 'ambient' },
        [`${accounts}/default/email`]: 'node@p.iam',
        [signJwt.slice(4)]: { signedJwt: 'signed-by-google' },
      }),
    )
    await method('gcp', { type: 'iam', role: 'app', jwt_exp: 5 }, services()).login(nothing)
    expect(sent()).toEqual({ role: 'app', jwt: 'signed-by-google' })
    expect(cloud().requests[2]).toMatchObject({
      path: `${signJwt.slice(4)}/node%40p.iam:signJwt`,
      headers: { authorization: 'Bearer ambient' },
    })
    expect(payload(2)).toEqual(claims('node@p.iam', 5))
  })

  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = (changes: object = {}) =>
    JSON.stringify({
      type: 'service_account',
      client_email: 'app@p.iam',
      private_key_id: 'kid-1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      ...changes,
    })

  test('signs with the key of its own account', async () => {
    await method('gcp', { type: 'iam', role: 'app', credentials: key() }, {}).login(nothing)
    const verified = await jwtVerify(sent()['jwt'] ?? '', publicKey, {
      currentDate: new Date(start),
    })
    expect(verified.protectedHeader).toMatchObject({ alg: 'RS256', kid: 'kid-1' })
    expect(verified.payload).toEqual(claims('app@p.iam'))
    expect(cloud().requests).toEqual([])
  })

  test('has Google sign for another account, its key being the proof', async () => {
    answer(routes({ [signJwt.slice(4)]: { signedJwt: 'signed-by-google' } }))
    const path = file('key.json', key())
    const config = { type: 'iam', role: 'app', service_account: 'other@p.iam' }
    const environment = { ...services(), GOOGLE_APPLICATION_CREDENTIALS: path }
    await method('gcp', config, environment).login(nothing)
    expect(payload(0)).toEqual(claims('other@p.iam'))
    const bearer = cloud().requests[0]?.headers.authorization?.replace('Bearer ', '') ?? ''
    const { payload: proof } = await jwtVerify(bearer, publicKey, { currentDate: new Date(start) })
    expect(proof).toMatchObject({ iss: 'app@p.iam', aud: 'https://iamcredentials.googleapis.com/' })
  })

  test.each([
    ['text', {}, 'projected-token'],
    ['json', { type: 'json', subject_token_field_name: 'access' }, 'inner-token'],
  ])('exchanges a projected token in a file of %s', async (_, format, subjectToken) => {
    const path = file('token.json', JSON.stringify({ access: 'inner-token' }))
    const email = 'app@p.iam'
    answer(
      routes({
        '/sts': { access_token: 'workload' },
        '/impersonate': { accessToken: 'impersonated' },
        [signJwt.slice(4)]: { signedJwt: 'signed-by-google' },
      }),
    )
    const credentials = JSON.stringify({
      type: 'external_account',
      audience: '//iam.googleapis.com/pool',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${cloud().address}/sts`,
      service_account_impersonation_url: `${cloud().address}/impersonate/serviceAccounts/${email}:generateAccessToken`,
      credential_source: {
        file: 'type' in format ? path : projected(),
        format,
      },
    })
    await method('gcp', { type: 'iam', role: 'app', credentials }, services()).login(nothing)
    expect(form(0)).toMatchObject({
      subject_token: subjectToken,
      audience: '//iam.googleapis.com/pool',
    })
    expect(cloud().requests[1]?.headers.authorization).toBe('Bearer workload')
    expect(cloud().requests[2]?.headers.authorization).toBe('Bearer impersonated')
    expect(payload(2)).toEqual(claims(email))
  })

  test.each([
    ['no JSON', '{"private_key": "secret-text'],
    ['of an unknown type', '{"type": "authorized_user", "refresh_token": "secret-text"}'],
    ['without a key', '{"type": "service_account", "client_email": "secret-text"}'],
    ['with a broken key', key({ private_key: 'secret-text' })],
    ['a path that leads nowhere', '/nowhere/secret-text'],
  ])('refuses credentials that are %s, without a word of them', async (_, credentials) => {
    const { login } = method('gcp', { type: 'iam', role: 'app', credentials }, {})
    const failure = await login(nothing).catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'credentials_unavailable' })
    expect(JSON.stringify([failure.message, failure.facts])).not.toContain('secret-text')
  })
})
