/** Logins by role id and secret id. */
import { existsSync, rmSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { nothing, useLoginScene } from '../../../support/login-scene.ts'
import { loginAnswer, type Script } from '../../../support/scripted-vault.ts'

const { answer, bodies, method, path, requests, write } = useLoginScene()

describe('approle', () => {
  const config = () => ({
    role_id_file_path: path('role-id'),
    secret_id_file_path: path('secret-id'),
  })

  test('sends both ids, removes one file and remembers both', async () => {
    write('role-id', 'r1\n')
    write('secret-id', 's1\n')
    const { login } = method('approle', config())
    const { credentials } = await login(nothing)
    expect([existsSync(path('role-id')), existsSync(path('secret-id'))]).toEqual([true, false])
    rmSync(path('role-id'))
    await method('approle', config()).login(credentials)
    expect(bodies()).toEqual(Array(2).fill({ role_id: 'r1', secret_id: 's1' }))
  })

  test('needs no secret id where none is configured', async () => {
    write('role-id', 'r1')
    const { login } = method('approle', { role_id_file_path: path('role-id') })
    await login(nothing)
    expect(bodies()).toEqual([{ role_id: 'r1' }])
  })

  test.each([
    ['role-id', 'secret-id', 'no role id yet'],
    ['secret-id', 'role-id', 'no secret id yet'],
  ])('waits for a %s', async (absent, present, reason) => {
    write(present, 'x')
    write(absent, '')
    await expect(method('approle', config()).login(nothing)).rejects.toMatchObject({
      code: 'credentials_unavailable',
      facts: { path: path(absent), reason },
    })
    expect(requests()).toEqual([])
  })

  const wrapped = () => ({
    ...config(),
    secret_id_response_wrapping_path: 'auth/approle/role/a/secret-id',
  })
  const wrappingScript =
    (creationPath: string): Script =>
    ({ path: asked }) => {
      if (asked === 'sys/wrapping/lookup') {
        return { status: 200, body: { data: { creation_path: creationPath } } }
      }
      if (asked === 'sys/wrapping/unwrap') {
        return { status: 200, body: { data: { secret_id: 'inner' } } }
      }
      return loginAnswer
    }

  test('unwraps a secret id after a look at where it was wrapped', async () => {
    write('role-id', 'r1')
    write('secret-id', 'hvs.wrapping\n')
    answer(wrappingScript('auth/approle/role/a/secret-id'))
    await method('approle', wrapped()).login(nothing)
    expect(requests().map(({ method: verb, path: asked, token }) => [verb, asked, token])).toEqual([
      ['GET', 'sys/wrapping/lookup', 'hvs.wrapping'],
      ['PUT', 'sys/wrapping/unwrap', 'hvs.wrapping'],
      ['PUT', 'auth/approle/login', undefined],
    ])
    expect(bodies().at(-1)).toEqual({ role_id: 'r1', secret_id: 'inner' })
    expect(existsSync(path('secret-id'))).toBe(false)
  })

  test('does not unwrap what was wrapped elsewhere', async () => {
    write('role-id', 'r1')
    write('secret-id', 'hvs.wrapping')
    answer(wrappingScript('sys/wrapping/wrap'))
    await expect(method('approle', wrapped()).login(nothing)).rejects.toMatchObject({
      code: 'credentials_unavailable',
    })
    expect(requests().map((request) => request.path)).toEqual(['sys/wrapping/lookup'])
    expect(existsSync(path('secret-id'))).toBe(true)
  })

  test('unwraps once, whatever becomes of the login', async () => {
    write('role-id', 'r1')
    write('secret-id', 'hvs.wrapping')
    const healthy = wrappingScript('auth/approle/role/a/secret-id')
    answer((request, count) => (count === 3 ? { status: 503 } : healthy(request, count)))
    const keeping = { ...wrapped(), remove_secret_id_file_after_reading: false }
    const { login } = method('approle', keeping)
    await expect(login(nothing)).rejects.toMatchObject({ code: 'store_busy' })
    const { credentials } = await login(nothing)
    await method('approle', keeping).login(credentials)
    expect(requests().map((request) => request.path)).toEqual([
      'sys/wrapping/lookup',
      'sys/wrapping/unwrap',
      ...Array(3).fill('auth/approle/login'),
    ])
  })
})
