import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { runDev } from '../../../../cli/dev/command.ts'
import { systemClock } from '../../../../core/clock.ts'
import { createLogger } from '../../../../core/log.ts'
import { makeDirectory } from '../../../support/dev-store.ts'

/** Runs the verb with a stop signal that is given at once, so that the store starts and ends. */
async function run(...words: readonly string[]) {
  const directory = makeDirectory()
  return runIn(directory, ...words)
}

async function runIn(directory: string, ...words: readonly string[]) {
  let out = ''
  let errors = ''
  const code = await runDev(
    [...words, ...(words.includes('-help') ? [] : [`-data=${directory}`])],
    {
      variables: {},
      clock: systemClock,
      logger: createLogger({
        level: 'trace',
        format: 'json',
        write: (line) => {
          errors += line
        },
        now: systemClock.now,
      }),
      write: (text) => {
        out += text
      },
      writeError: (text) => {
        errors += text
      },
      stop: AbortSignal.abort(),
    },
  )
  return { code, out, errors, directory }
}

describe('claviger dev', () => {
  test('says where it listens and where the root token is, and never the token', async () => {
    const { code, out, errors, directory } = await run('-listen=127.0.0.1:0')
    const file = join(directory, 'root-token')
    const token = readFileSync(file, 'utf8').trim()
    expect(code).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(token).toMatch(/^hvs\.[\w-]{32}$/)
    expect(out).toMatch(/VAULT_ADDR=http:\/\/127\.0\.0\.1:\d+\n/)
    expect(out).toContain(`VAULT_TOKEN="$(cat '${file}')"`)
    expect(out).toContain('not for production')
    expect(out + errors).not.toContain(token)
  })

  test('keeps the root token over a restart', async () => {
    const { directory } = await run('-listen=127.0.0.1:0')
    const token = readFileSync(join(directory, 'root-token'), 'utf8')
    await runIn(directory, '-listen=127.0.0.1:0')
    expect(readFileSync(join(directory, 'root-token'), 'utf8')).toBe(token)
  })

  test('refuses an empty root token file', async () => {
    const directory = makeDirectory()
    writeFileSync(join(directory, 'root-token'), '\n')
    await expect(runIn(directory, '-listen=127.0.0.1:0')).rejects.toMatchObject({
      code: 'input_invalid',
    })
  })

  test('hides its directory from git', async () => {
    const { directory } = await run('-listen=127.0.0.1:0')
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('*\n')
  })

  test.each([
    ['-listen=0.0.0.0:0', 'a loopback address'],
    ['-listen=[::]:0', 'a loopback address'],
    ['-listen=192.0.2.1:8200', 'a loopback address'],
    ['-listen=8200', 'ADDRESS:PORT'],
    ['-listen=example.org:8200', 'ADDRESS:PORT'],
    ['-listen=127.0.0.1:70000', 'ADDRESS:PORT'],
    ['-lisen=127.0.0.1:0', 'a flag that exists'],
    ['surplus', 'flags only'],
  ])('refuses %s', async (word, expected) => {
    const { code, errors, out } = await run(word)
    expect({ code, out }).toEqual({ code: 64, out: '' })
    expect(errors).toContain(expected)
  })

  test('listens for other machines when that is allowed', async () => {
    const { code, out } = await run('-allow-remote', '-listen=0.0.0.0:0')
    expect(code).toBe(0)
    expect(out).toContain('http://0.0.0.0:')
  })
})

describe('claviger dev token', () => {
  test('mints a token of the data directory’s issuer', async () => {
    const { code, out } = await run(
      ...['token', '-namespace=demo', '-service-account=app', '-audience=vault', '-ttl=5m'],
    )
    expect(code).toBe(0)
    const claims = decodeJwt(out.trim())
    expect(claims).toMatchObject({ sub: 'system:serviceaccount:demo:app', aud: ['vault'] })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300)
  })

  test.each([
    [['token', '-namespace=demo'], '-service-account=NAME'],
    [['token', '-namespace=demo', '-service-account=app', '-ttl=soon'], 'a duration'],
    [['token', '-namespace=demo', '-service-account=app', 'surplus'], 'flags only'],
  ])('refuses %j', async (words, expected) => {
    const { code, errors } = await run(...words)
    expect(code).toBe(64)
    expect(errors).toContain(expected)
  })
})

test.each([[['-help']], [['token', '-help']]])('%j prints the usage', async (words) => {
  const { code, out } = await run(...words)
  expect(code).toBe(0)
  expect(out).toMatch(/^Usage: claviger dev/)
})
