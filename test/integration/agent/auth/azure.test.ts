/** The proofs of the azure method, and what all clouds have in common. */
import { describe, expect, test } from '@jest/globals'
import { queryOf, routes, useCloudScene } from '../../../support/cloud-scene.ts'
import { nothing } from '../../../support/login-scene.ts'

const { answer, cloud, form, method, projected, sent } = useCloudScene()

describe('azure', () => {
  const config = { role: 'app', resource: 'https://vault.example' }
  const metadata = {
    '/metadata/identity/oauth2/token': { access_token: 'machine-token' },
    '/metadata/instance': {
      compute: {
        name: 'vm-1',
        vmScaleSetName: 'set-1',
        resourceGroupName: 'group',
        subscriptionId: 'sub',
      },
    },
  }
  const machine = {
    vm_name: 'vm-1',
    vmss_name: 'set-1',
    resource_group_name: 'group',
    subscription_id: 'sub',
  }

  test('asks the metadata service for a token of the machine', async () => {
    answer(routes(metadata))
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: cloud().address }
    await method('azure', { ...config, client_id: 'me' }, environment).login(nothing)
    expect(sent()).toEqual({ role: 'app', jwt: 'machine-token', ...machine })
    const [asked] = cloud().requests
    expect(asked?.headers['metadata']).toBe('true')
    expect(queryOf(asked?.path)).toEqual({
      'api-version': '2018-02-01',
      resource: 'https://vault.example',
      client_id: 'me',
    })
  })

  const workload = () => ({
    AZURE_FEDERATED_TOKEN_FILE: projected(),
    AZURE_CLIENT_ID: 'client',
    AZURE_TENANT_ID: 'tenant',
    AZURE_AUTHORITY_HOST: `${cloud().address}/`,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: cloud().address,
  })

  test.each([
    ['and the machine it is on', metadata, machine],
    [
      'where no metadata service is in reach',
      {},
      Object.fromEntries(Object.keys(machine).map((key) => [key, ''])),
    ],
  ])('exchanges the projected token of a workload identity, %s', async (_, answers, expected) => {
    answer(routes({ '/tenant/oauth2/v2.0/token': { access_token: 'exchanged' }, ...answers }))
    const fromEnvironment = { ...config, authenticate_from_environment: true }
    await method('azure', fromEnvironment, workload()).login(nothing)
    expect(form(0)).toEqual({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'projected-token',
      client_id: 'client',
      scope: 'https://vault.example/.default',
      grant_type: 'client_credentials',
    })
    expect(sent()).toEqual({ role: 'app', jwt: 'exchanged', ...expected })
  })

  test('needs the metadata service where the token comes from it', async () => {
    answer(routes({ '/metadata/identity/oauth2/token': { access_token: 'machine-token' } }))
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: cloud().address }
    await expect(method('azure', config, environment).login(nothing)).rejects.toMatchObject({
      code: 'credentials_unavailable',
      facts: { address: cloud().address, path: '/metadata/instance', status: 404 },
    })
  })
})

test('a service that does not answer is named, and nothing of what was asked', async () => {
  await cloud().close()
  const environment = {
    AZURE_FEDERATED_TOKEN_FILE: projected(),
    AZURE_CLIENT_ID: 'client',
    AZURE_TENANT_ID: 'tenant',
    AZURE_AUTHORITY_HOST: cloud().address,
  }
  const config = { role: 'app', resource: 'r', authenticate_from_environment: true }
  const failure = await method('azure', config, environment)
    .login(nothing)
    .catch((thrown) => thrown)
  expect(failure).toMatchObject({
    code: 'credentials_unavailable',
    facts: { address: cloud().address, cause: 'ECONNREFUSED' },
  })
  expect(failure.message).not.toContain('projected-token')
})
