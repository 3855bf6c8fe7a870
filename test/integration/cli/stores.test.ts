/** The verbs of stores, with the store that needs no server. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { secret, useSecretFolder } from './support/secret-folder.ts'

const { path, put, look, claviger } = useSecretFolder()

describe('get', () => {
  test.each<[string, string]>([
    ['file:token', secret],
    ['file:keystore', '\0\xff\xfe\n\r\x80'],
    ['file:prod/db#password', secret],
    ['file:prod/db#port', '5432'],
    ['file:prod/db#tls.crt', 'PEM'],
    ['file:prod/db#deep.a', '[1,2]'],
    ['file:prod/db#nothing?', ''],
    ['file:nothing?', ''],
  ])('%s prints what is there and nothing else', async (reference, expected) => {
    expect(await claviger(['get', reference])).toEqual({ status: 0, stdout: expected, stderr: '' })
  })

  test.each<[string, string, string]>([
    ['json', 'file:prod/db#user', '{\n  "user": "app"\n}\n'],
    ['env', 'file:prod/db#user', "export user='app'\n"],
    ['dotenv', 'file:prod/db#port', "port='5432'\n"],
    ['yaml', 'file:prod/db#user', 'user: app\n'],
    ['properties', 'file:prod/db#user', 'user=app\n'],
    ['json', 'file:token', `{\n  "value": "${secret}"\n}\n`],
    ['raw', 'file:token', secret],
  ])('-o %s of %s', async (output, reference, expected) => {
    expect((await claviger(['get', '-o', output, reference])).stdout).toBe(expected)
  })

  test('gives several as one object', async () => {
    const { status, stdout } = await claviger([
      'get',
      'file:token',
      'file:prod/db#user',
      'file:no?',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      'file:token': { value: secret },
      'file:prod/db#user': { user: 'app' },
      'file:no?': null,
    })
  })

  test('names each of several that fail, and prints none', async () => {
    const args = ['get', 'file:token', 'file:none', 'file:prod/db#pasword']
    const { status, stdout, stderr } = await claviger(args)
    expect([status, stdout]).toEqual([66, ''])
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('does not exist (store: file, path: none'),
      expect.stringContaining('path: prod/db, property: pasword, hint: did you mean #password?'),
      '',
    ])
  })

  test('loses no bytes to a format of text', async () => {
    const { status, stdout, stderr } = await claviger(['get', '-o=json', 'file:keystore'])
    expect([status, stdout]).toEqual([65, ''])
    expect(stderr).toContain('bytes that are no text')
  })
})

describe('set', () => {
  test('writes what comes through a pipe', async () => {
    const { status, stdout, stderr } = await claviger(['set', 'file:new/key'], { input: secret })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe('wrote file:new/key\n')
    expect(look('new/key')).toBe(secret)
  })

  test('writes a file as it is', async () => {
    expect((await claviger(['set', '-from-file=keystore', 'file:copy'])).status).toBe(0)
    expect(look('copy')).toBe(look('keystore'))
  })

  test('writes the keys of an env file, and leaves others', async () => {
    const input = '# of the app\n\nuser=other\nurl=postgres://a?b=c\nquoted="as it is"\n'
    const args = ['set', '-from-env-file=-', 'file:prod/db']
    const { status, stdout, stderr } = await claviger(args, { input })
    expect([status, stdout, stderr]).toEqual([0, 'wrote file:prod/db\n', ''])
    expect(JSON.parse(look('prod/db'))).toMatchObject({
      user: 'other',
      url: 'postgres://a?b=c',
      quoted: '"as it is"',
      password: secret,
    })
  })

  test.each([
    ['user', 'line: 1, expected: KEY=VALUE'],
    ['a=1\nb c=2', 'line: 2, expected: KEY=VALUE'],
    ['a=1\na=2', 'line: 2, expected: each key once'],
    ['# nothing', 'expected: KEY=VALUE lines'],
  ])('refuses the env file %j', async (input, message) => {
    const { status, stderr } = await claviger(['set', '-from-env-file=-', 'file:env'], { input })
    expect([status, stderr]).toEqual([65, expect.stringContaining(message)])
  })

  test('changes one key and leaves the others', async () => {
    expect((await claviger(['set', 'file:prod/db#password'], { input: 'other' })).status).toBe(0)
    expect(JSON.parse(look('prod/db'))).toMatchObject({
      user: 'app',
      password: 'other',
      port: 5432,
    })
    expect((await claviger(['set', 'file:made#key'], { input: 'value' })).status).toBe(0)
    expect(JSON.parse(look('made'))).toEqual({ key: 'value' })
  })

  test('says that a line break is part of the value, unless it is trimmed', async () => {
    const kept = await claviger(['set', 'file:token'], { input: 'line\n' })
    expect(kept.stderr).toContain('-trim leaves it out')
    expect(look('token')).toBe('line\n')
    const trimmed = await claviger(['set', '-trim', 'file:token'], { input: 'line\r\n\n' })
    expect([trimmed.stderr, look('token')]).toEqual(['', 'line'])
    expect((await claviger(['set', 'file:token'], { input: 'two\nlines\n' })).stderr).toBe('')
  })

  test('takes an empty value for a mistake', async () => {
    const { status, stderr } = await claviger(['set', 'file:token'])
    expect([status, look('token')]).toEqual([65, secret])
    expect(stderr).toContain('-allow-empty')
    expect((await claviger(['set', '-allow-empty', 'file:token'])).status).toBe(0)
    expect(look('token')).toBe('')
  })

  test('takes no value as an argument, and repeats none', async () => {
    const { status, stdout, stderr } = await claviger(['set', 'file:token', 'argument-5521'])
    expect(status).toBe(64)
    expect(stderr).toContain('-from-file')
    expect(stdout + stderr).not.toContain('argument-5521')
  })
})

describe('at a keyboard', () => {
  test('set asks twice for what nobody sees', async () => {
    const { status, stderr } = await claviger(['set', 'file:typed'], { answers: ['a b', 'a b'] })
    expect([status, stderr, look('typed')]).toEqual([0, 'Value: Once more: ', 'a b'])
  })

  test.each<[readonly string[], number, string]>([
    [['one', 'two'], 65, 'the two values differ'],
    [['one'], 64, 'no value was given'],
    [[], 64, 'no value was given'],
    [['', ''], 65, 'the value is empty'],
  ])('set writes nothing where %j are the answers', async (answers, code, message) => {
    const { status, stderr } = await claviger(['set', 'file:token'], { answers })
    expect(stderr).toContain(message)
    expect([status, look('token')]).toEqual([code, secret])
  })

  test.each<[string, number]>([
    ['y', 0],
    ['YES', 0],
    ['n', 64],
    ['', 64],
    ['yess', 64],
  ])('delete asks, and %j ends with %d', async (answer, code) => {
    const { status, stderr } = await claviger(['delete', 'file:token'], { answers: [answer] })
    expect(stderr).toContain('Delete file:token for good? [y/N] ')
    expect(status).toBe(code)
    expect((await claviger(['get', 'file:token?'])).stdout).toBe(code === 0 ? '' : secret)
  })

  test('get ends the line on a terminal', async () => {
    const columns = 80
    expect((await claviger(['get', 'file:token'], { columns })).stdout).toBe(`${secret}\n`)
    put('lines', 'one\ntwo\n')
    expect((await claviger(['get', 'file:lines'], { columns })).stdout).toBe('one\ntwo\n')
    expect((await claviger(['get', 'file:no?'], { columns })).stdout).toBe('')
  })
})

test('bytes go through the pipes of the program as they are', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const run = (words: readonly string[], input: Buffer) =>
    spawnSync(process.execPath, [resolve('dist/claviger.cjs'), ...words], {
      cwd: path(),
      env: {},
      input,
    })
  expect(run(['set', 'file:bytes'], bytes).status).toBe(0)
  expect(run(['get', 'file:bytes'], Buffer.of()).stdout).toEqual(bytes)
  const { status, stderr } = run(['get', 'file:none'], Buffer.of())
  expect([status, stderr.toString()]).toEqual([66, expect.stringContaining('claviger: the secret')])
})

describe('list', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['file:'], ['file:keystore', 'file:prod/db', 'file:token']],
    [['file:prod/'], ['file:prod/db']],
    [
      ['file:', '-glob=*o*'],
      ['file:keystore', 'file:prod/db', 'file:token'],
    ],
    [['file:none'], []],
  ])('%j', async (args, expected) => {
    const { status, stdout, stderr } = await claviger(['list', ...args])
    expect([status, stderr]).toEqual([0, ''])
    expect(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .toSorted(),
    ).toEqual(expected)
  })

  test('prints references that get takes', async () => {
    put('odd@name#x', secret)
    const { stdout } = await claviger(['list', 'file:odd'])
    expect(stdout).toBe('file:odd%40name%23x\n')
    expect((await claviger(['get', stdout.trim()])).stdout).toBe(secret)
  })

  test('says where there are more', async () => {
    const { status, stdout, stderr } = await claviger(['list', 'file:', '-limit=2', '-o=json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ store: 'file', isCapped: true })
    expect(JSON.parse(stdout).secrets).toHaveLength(2)
    expect(stderr).toContain('more than these 2')
  })

  test('knows a store that was taken for a prefix', async () => {
    const env = { CLAVIGER_DEFAULT_STORE: 'file' }
    expect((await claviger(['list', 'k8s'], { environment: env })).stderr).toContain(
      'did you mean k8s:?',
    )
  })
})

describe('delete', () => {
  test('asks somebody, or is told not to', async () => {
    const refused = await claviger(['delete', 'file:token'])
    expect(refused).toMatchObject({ status: 64, stderr: expect.stringContaining('-yes') })
    expect(look('token')).toBe(secret)
    expect(await claviger(['delete', 'file:token', '-yes'])).toEqual({
      status: 0,
      stdout: 'deleted file:token\n',
      stderr: '',
    })
    expect((await claviger(['get', 'file:token'])).status).toBe(66)
    expect((await claviger(['delete', 'file:token', '-yes'])).status).toBe(66)
  })
})
