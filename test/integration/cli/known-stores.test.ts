/** Which stores the command line knows, and what it says of everything that is wrong with a command line. */
import { mkdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { secret, useSecretFolder } from './support/secret-folder.ts'
import { startKubernetes } from './support/store-places.ts'

const { path, put, claviger } = useSecretFolder()

describe('where stores come from', () => {
  const stores = (text: string) => {
    put('stores.yaml', text)
    return ['-stores=stores.yaml']
  }

  test('a file, in both shapes', async () => {
    mkdirSync(`${path()}/inner`)
    put('inner/key', secret)
    const args = stores(
      `dev: {type: file, settings: {directory: ${path()}/inner}}\nalso: file directory=${path()}\n`,
    )
    expect((await claviger(['get', 'dev:key', ...args])).stdout).toBe(secret)
    expect((await claviger(['get', 'also:inner/key', ...args])).stdout).toBe(secret)
    const env = { CLAVIGER_STORES: 'stores.yaml', CLAVIGER_DEFAULT_STORE: 'dev' }
    expect((await claviger(['get', 'key'], { environment: env })).stdout).toBe(secret)
  })

  test('flags, which go before the file and before types', async () => {
    mkdirSync(`${path()}/inner`)
    put('inner/key', secret)
    const args = stores(`dev: file directory=${path()}\n`)
    const flag = `-store=dev=file directory=${path()}/inner`
    expect((await claviger(['get', 'dev:key', ...args, flag])).stdout).toBe(secret)
    const type = `-store=file=file directory=${path()}/inner`
    expect((await claviger(['get', 'file:key', type])).stdout).toBe(secret)
  })

  test('Keep HQ’s variables, whose store is the default', async () => {
    const environment = { SECRET_MANAGER_TYPE: 'file', SECRET_MANAGER_DIRECTORY: `${path()}/prod` }
    expect((await claviger(['get', 'db#password'], { environment })).stdout).toBe(secret)
    expect((await claviger(['get', 'keep:db#password'], { environment })).stdout).toBe(secret)
    const other = ['get', 'token', '-default-store=file']
    expect((await claviger(other, { environment })).status).toBe(66)
    expect((await claviger(['get', 'token', '-preset=keep'])).stdout).toBe(secret)
  })

  test.each<[Readonly<Record<string, string>>, number, string]>([
    [{ SECRET_MANAGER_TYPE: 'asw' }, 64, 'SECRET_MANAGER_TYPE: expected one of FILE, AWS'],
    [{ SECRET_MANAGER_TYPE: 'AWS' }, 64, 'AWS_REGION: expected the region'],
    [
      {
        SECRET_MANAGER_TYPE: 'VAULT',
        HASHICORP_VAULT_ADDR: 'http://127.0.0.1:1',
        HASHICORP_VAULT_TOKEN: 'hvs.x',
      },
      69,
      'asked as the token of HASHICORP_VAULT_TOKEN, address http://127.0.0.1:1',
    ],
  ])('Keep HQ’s variables %j end with %d and say %s', async (environment, code, message) => {
    const { status, stderr } = await claviger(['get', 'x'], { environment })
    expect(stderr).toContain(message)
    expect(status).toBe(code)
  })

  test('Keep HQ’s names in Kubernetes, where the kubeconfig says', async () => {
    const { args = [], inject: _, close } = await startKubernetes()
    const environment = { SECRET_MANAGER_TYPE: 'K8S', K8S_NAMESPACE: 'apps' }
    const run = (words: readonly string[], input = '') =>
      claviger([...words, ...args], { environment, input })
    expect((await run(['set', 'Tenant_A_slack'], secret)).status).toBe(0)
    expect((await run(['get', 'Tenant_A_slack'])).stdout).toBe(secret)
    expect((await run(['get', 'k8s:tenant-a-slack#value', '-n=apps'])).stdout).toBe(secret)
    await close()
  })

  test('the CA of a Vault is VAULT_CACERT’s', async () => {
    const environment = { VAULT_CACERT: 'none.pem', VAULT_TOKEN: 'hvs.x' }
    const { status, stderr } = await claviger(['get', 'vault:secret/x'], { environment })
    expect([status, stderr]).toEqual([78, expect.stringContaining(`${path()}/none.pem`)])
  })

  test('stores lists them', async () => {
    const { stdout } = await claviger(['stores', ...stores(`dev: file directory=${path()}\n`)])
    expect(stdout).toMatch(/^NAME +TYPE +WHAT IT IS +CAN\ndev +file +files of a directory +read /)
    expect(stdout).toContain('\nvault (default) ')
    expect((await claviger(['stores', 'aws'])).stdout).toContain('\n  region=TEXT [AWS_REGION]\n')
  })
})

describe('what is wrong is said', () => {
  test.each<[readonly string[], number, string]>([
    [['get'], 64, 'get: expected a reference'],
    [['get', 'flie:token'], 64, 'flie: expected a store: vault, aws,'],
    [['get', 'flie:token'], 64, 'did you mean file:?'],
    [['get', 'AWS:token'], 64, 'did you mean aws:?'],
    [['get', 'production:token'], 64, '-store or -stores makes it known'],
    [['get', 'file:'], 64, 'expected a path'],
    [['get', 'file:token#'], 64, 'expected a key after #'],
    [['get', 'file:token', 'file:keystore', '-o=raw'], 64, 'json or yaml for several references'],
    [['get', 'file:token', '-o=jsn'], 64, 'did you mean json?'],
    [['get', 'azure:x'], 78, '`claviger stores azure` lists its settings'],
    [['get', 'db:x'], 78, 'url'],
    [
      ['get', 'x:y', '-store=x=db url=postgresql://nobody@127.0.0.1:1/none tls=off'],
      69,
      'asked as the user of the URL',
    ],
    [['get', 'x:y', '-store=x=db url=mysql://nobody@127.0.0.1:1/none tls=off'], 69, 'ECONNREFUSED'],
    [['get', 'k8s:x', '-kubeconfig=none'], 78, 'kubeconfig: none, reason: does not exist'],
    [['get', 'vault:x'], 66, 'no VAULT_TOKEN and no ~/.vault-token'],
    [['get', 'file:../outside'], 65, 'file'],
    [['get', 'file:none'], 66, 'path: none'],
    [['get', 'file:token#key'], 66, 'property: key'],
    [
      ['get', 'file:token', '-stores=none.yaml'],
      64,
      '-stores: expected JSON, or a file that can be read (none.yaml: ENOENT)',
    ],
    [['get', 'file:token', '-stores=token'], 64, '-stores: expected a map of names to stores'],
    [['get', 'x:y', '-store==aws'], 64, '-store: expected NAME=TYPE'],
    [['get', 'x:y', '-store=x=aws', '-store=x=gcp'], 64, '-store x: expected each name once'],
    [['get', 'x:y', '-store=x'], 64, '-store x: expected a type: vault, aws,'],
    [['get', 'x:y', '-store=x=awss'], 64, 'did you mean aws?'],
    [['get', 'x:y', '-store=x=aws regoin=eu-west-1'], 64, 'did you mean region?'],
    [['get', 'x:y', '-store=x=aws region'], 64, 'key=value'],
    [['get', 'x:y', '-store=X=aws'], 64, 'lower-case'],
    [['get', 'x:y', '-store=x=file directory=here'], 64, 'an absolute path'],
    [['get', 'x:y', '-store=x=vault address=http://vault:8200'], 64, 'https://HOST'],
    [['get', 'x', '-default-store=awss'], 64, 'did you mean aws?'],
    [['get', 'x', '-default-store=file', '-preset=kep'], 64, 'did you mean keep?'],
    [['set'], 64, 'one reference and nothing else'],
    [['set', 'aws:db@AWSPREVIOUS'], 64, 'without @VERSION'],
    [['set', 'file:token?'], 64, 'question mark'],
    [['set', 'file:token', '-from-file=none'], 65, 'none'],
    [['set', 'file:token', '-tag=team'], 64, '-tag: expected KEY=VALUE'],
    [['set', 'file:token', '-from-env-file=none'], 65, 'none'],
    [['set', 'file:a#b', '-from-env-file=-'], 64, 'a reference without #PROPERTY'],
    [['set', 'file:a', '-from-env-file=-', '-from-file=b'], 64, 'no -from-file beside it'],
    [['set', 'file:a', '-from-env-file=-'], 65, 'line: 1, expected: KEY=VALUE'],
    [['rotate', 'file:token'], 64, 'operation: rotate, can: read list write delete'],
    [['rotate', 'aws:db', '-days=0'], 64, '-days: expected a whole number above 0'],
    [['rotate', 'aws:db#user'], 64, 'without #PROPERTY'],
    [['list', 'file:', '-limit=0'], 64, '-limit: expected a whole number above 0'],
    [['list', 'file:', 'k8s:'], 64, 'one prefix'],
    [['list', 'flie:'], 64, 'did you mean file:?'],
    [['list', 'file:', '-tag=a=b'], 65, 'tags'],
    [['delete', 'file:prod/db#user', '-yes'], 64, 'without #PROPERTY'],
    [['delete', 'aws:db@AWSPREVIOUS', '-yes'], 64, 'without @VERSION'],
    [['delete', 'file:token', '-yes', '-final', '-recovery-days=7'], 64, 'no -final beside it'],
    [['delete', 'file:token', '-yes', '-recovery-days=week'], 64, 'a whole number above 0'],
    [['history', 'file:token'], 64, 'operation: history, can: read list write delete'],
    [['restore', 'file:token'], 64, 'operation: restore, can: read list write delete'],
    [['history', 'file:token', 'file:keystore'], 64, 'one reference'],
    [['stores', 'awss'], 64, 'did you mean aws?'],
  ])('%j ends with %d and says %s', async (args, code, message) => {
    const { status, stdout, stderr } = await claviger(args, { input: secret })
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([code, ''])
    expect(stderr).not.toContain(secret)
  })

  test.each([
    ['vault:secret/app', 'VAULT_ADDR', '127.0.0.1:8200'],
    ['vault:secret/app', 'VAULT_ADDR', 'vault.example.com:8200'],
    ['azure:db', 'AZURE_KEY_VAULT_URL', 'name.vault.azure.net'],
  ])('%s ends with 78 where %s is %s', async (reference, variable, address) => {
    const environment = { VAULT_TOKEN: secret, [variable]: address }
    const { status, stderr } = await claviger(['get', reference], { environment })
    expect([status, stderr]).toEqual([
      78,
      expect.stringContaining(`variable: ${variable}, expected: https://HOST:PORT`),
    ])
  })
})
