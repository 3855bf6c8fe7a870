import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../core/errors.ts'
import { createLogger, errorFields, type LogFormat, type LogLevel } from '../../../core/log.ts'
import { Secret } from '../../../core/secret.ts'

function logged(format: LogFormat, level: LogLevel = 'trace') {
  const lines: string[] = []
  const logger = createLogger({ level, format, write: (line) => lines.push(line), now: () => 0 })
  return { logger, lines }
}

describe('a log line', () => {
  test('in words quotes what needs it and leaves absent fields out', () => {
    const { logger, lines } = logged('standard')
    logger.info('file written', { path: '/a/b', note: 'two words\nand a break', none: undefined })
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z [INFO] file written path=/a/b note="two words\\nand a break"\n',
    ])
  })

  test('in JSON has the names of Vault', () => {
    const { logger, lines } = logged('json')
    logger.warn('m', { n: 1, ok: true })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      '@timestamp': '1970-01-01T00:00:00.000Z',
      '@level': 'warn',
      '@message': 'm',
      n: 1,
      ok: true,
    })
  })

  test('below the level is dropped', () => {
    const { logger, lines } = logged('standard', 'warn')
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level]('m')
    expect(lines).toHaveLength(2)
  })
})

describe('errorFields', () => {
  test('of ours are code, summary and facts', () => {
    const error = new AppError(
      'secret_missing',
      { path: 'p', status: 404 },
      { cause: new Error('s3cret') },
    )
    expect(errorFields(error)).toEqual({
      code: 'secret_missing',
      error: 'the secret does not exist',
      path: 'p',
      status: 404,
    })
  })

  test.each([
    [new SyntaxError('s3cret'), 'SyntaxError', undefined],
    [Object.assign(new Error('s3cret'), { code: 'EPIPE' }), 'Error', 'EPIPE'],
    ['s3cret', 'string', undefined],
  ])('of others are name and system code, never the message', (thrown, error, cause) => {
    expect(errorFields(thrown)).toEqual({ code: 'internal', error, cause })
  })
})

test('a Secret shows a marker wherever it is printed', async () => {
  const { format, inspect } = await import('node:util')
  const secret = new Secret('s3cret')
  const prints = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    format('%s %o %j', secret, secret, secret),
    inspect(secret, { showHidden: true, depth: 9 }),
    JSON.stringify(structuredClone({ secret })),
  ]
  for (const print of prints) expect(print).not.toContain('s3cret')
  expect(secret.reveal()).toBe('s3cret')
})
