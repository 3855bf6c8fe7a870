/** Logins by what somebody puts into a file. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Secret } from '../../../../core/secret.ts'
import { nothing, revealAll, useLoginScene } from '../../../support/login-scene.ts'
import { loginAnswer } from '../../../support/scripted-vault.ts'

const { answer, bodies, method, path, requests, write } = useLoginScene()

describe('a JWT in a file', () => {
  const config = () => ({ role: 'app', path: path('jwt') })

  test('is removed after the login, and remembered for the next', async () => {
    write('jwt', 'first\n')
    const { login } = method('jwt', config())
    const { credentials } = await login(nothing)
    expect(existsSync(path('jwt'))).toBe(false)
    await login(credentials)
    write('jwt', 'second')
    expect(revealAll((await login(credentials)).credentials)).toEqual({ jwt: 'second' })
    expect(bodies()).toEqual(['first', 'first', 'second'].map((jwt) => ({ role: 'app', jwt })))
  })

  test('stays when the login fails', async () => {
    write('jwt', 'first')
    answer(() => ({ status: 403, body: { errors: ['permission denied'] } }))
    await expect(method('jwt', config()).login(nothing)).rejects.toMatchObject({
      code: 'login_refused',
    })
    expect(readFileSync(path('jwt'), 'utf8')).toBe('first')
  })

  test('stays when it is asked to', async () => {
    write('jwt', 'first')
    await method('jwt', { ...config(), remove_jwt_after_reading: false }).login(nothing)
    expect(readFileSync(path('jwt'), 'utf8')).toBe('first')
  })

  test.each([
    [false, 'jwt', 'the link'],
    [true, 'real', 'its target'],
  ])(
    'behind a link with remove_jwt_follows_symlinks %p: %s goes, that is %s',
    async (follow, gone) => {
      write('real', 'first')
      symlinkSync('real', path('jwt'))
      await method('jwt', { ...config(), remove_jwt_follows_symlinks: follow }).login(nothing)
      const left = ['jwt', 'real'].filter(
        (name) => lstatSync(path(name), { throwIfNoEntry: false }) !== undefined,
      )
      expect(left).toEqual(['jwt', 'real'].filter((name) => name !== gone))
    },
  )

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['blank', ' \n'],
  ])('that is %s is waited for', async (_, text) => {
    if (text !== undefined) write('jwt', text)
    const { login } = method('jwt', config())
    await expect(login(nothing)).rejects.toMatchObject({ code: 'jwt_unreadable' })
    expect(requests()).toEqual([])
    await login(new Map([['jwt', new Secret('kept')]]))
    expect(bodies()).toEqual([{ role: 'app', jwt: 'kept' }])
  })

  test('that is a directory cannot be read', async () => {
    const { login } = method('jwt', { role: 'app', path: path('.') })
    await expect(login(nothing)).rejects.toMatchObject({
      code: 'jwt_unreadable',
      facts: { cause: 'EISDIR' },
    })
  })

  test('changes its fingerprint with its content, and has none while it is missing', async () => {
    const { fingerprint } = method('jwt', config())
    expect(fingerprint()).toBeUndefined()
    write('jwt', 'first')
    const before = fingerprint()
    expect(fingerprint()).toBe(before)
    rmSync(path('jwt'))
    write('jwt', 'second one')
    expect(fingerprint()).toBeDefined()
    expect(fingerprint()).not.toBe(before)
  })
})

describe('ldap', () => {
  test('sends the password as it is, and removes it', async () => {
    write('password', 'pass word\n')
    const config = { username: 'ada', password_file_path: path('password') }
    const { credentials } = await method('ldap', config).login(nothing)
    expect(existsSync(path('password'))).toBe(false)
    await method('ldap', config).login(credentials)
    expect(requests().map((request) => request.path)).toEqual(Array(2).fill('auth/ldap/login/ada'))
    expect(bodies()).toEqual(Array(2).fill({ password: 'pass word\n' }))
  })
})

describe('what is read', () => {
  test('is in no line of the log, which says what could not be removed', async () => {
    const lines: string[] = []
    const config = { role: 'app', path: path('sealed/jwt'), remove_jwt_follows_symlinks: true }
    mkdirSync(path('sealed'))
    write('sealed/jwt', 'jwt-secret')
    answer(() => {
      // A directory in its place: it can be removed neither as a file nor as a link.
      rmSync(path('sealed/jwt'))
      mkdirSync(path('sealed/jwt'))
      return loginAnswer
    })
    await method('jwt', config, {}, lines).login(nothing)
    expect(lines.join('')).toContain('credentials not removed after reading')
    expect(lines.join('')).not.toContain('jwt-secret')
  })

  test('and gone meanwhile is worth no line', async () => {
    const lines: string[] = []
    write('jwt', 'first')
    answer(() => {
      rmSync(path('jwt'))
      return loginAnswer
    })
    await method('jwt', { role: 'app', path: path('jwt') }, {}, lines).login(nothing)
    expect(lines).toEqual([])
  })
})
