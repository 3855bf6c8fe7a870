import { describe, expect, test } from '@jest/globals'
import { secretRequestKey } from '../../../../core/template/secret-request.ts'
import type { FormatName } from '../../../../core/template/vocabulary.ts'
import {
  bytes,
  formatted,
  keys,
  outputOf,
  renderWith,
  vault,
  whole,
} from '../../../support/stored-secrets.ts'
import { caught } from './render.ts'

const secrets = {
  'aws:db': whole('{"user":"ada","port":5432.0,"tls":{"ca":"x"}}'),
  'aws:text': whole('hunter2'),
  'aws:gone': null,
  'k8s:app': keys({ b: '2', 'a.crt': 'CRT' }),
  'k8s:one': keys({ only: '1' }),
  'kv/data/app': vault('{"data":{"user":"v","n":1.50,"m":{"k":"w"}},"metadata":{"version":1}}'),
  'kv/one': vault('{"only":"1"}'),
  'other:kv/data/app': vault(
    '{"data":{"user":"v","n":1.50,"m":{"k":"w"}},"metadata":{"version":1}}',
  ),
}

describe('a reference in a format', () => {
  test.each<[FormatName, string, string]>([
    ['raw', 'aws:db', '{"user":"ada","port":5432.0,"tls":{"ca":"x"}}'],
    ['raw', 'aws:text', 'hunter2'],
    ['raw', 'aws:db#user', 'ada'],
    ['raw', 'aws:db#port', '5432.0'],
    ['raw', 'aws:db#tls', '{"ca":"x"}'],
    ['raw', 'k8s:app', 'a.crt: CRT\nb: 2\n'],
    ['raw', 'k8s:one', 'only: 1\n'],
    ['raw', 'other:kv/data/app', 'm: {"k":"w"}\nn: 1.50\nuser: v\n'],
    ['raw', 'k8s:app#a.crt', 'CRT'],
    ['raw', 'kv/data/app#user', 'v'],
    ['raw', 'kv/data/app#m', '{"k":"w"}'],
    ['raw', 'kv/one', '1'],
    ['env', 'aws:db', "export port='5432.0'\nexport tls='{\"ca\":\"x\"}'\nexport user='ada'\n"],
    ['env', 'aws:db#user', "export user='ada'\n"],
    ['env', 'aws:db#tls', "export ca='x'\n"],
    ['env', 'aws:text', "export value='hunter2'\n"],
    ['env', 'k8s:app', "export a_crt='CRT'\nexport b='2'\n"],
    ['json', 'kv/data/app#m', '{\n  "k": "w"\n}\n'],
    ['yaml', 'aws:db#tls.ca', 'ca: x\n'],
    ['properties', 'aws:db', 'port=5432.0\ntls.ca=x\nuser=ada\n'],
  ])('%s %s', (format, path, expected) => {
    expect(outputOf(formatted(format, path), secrets)).toBe(expected)
  })

  test('raw writes the very bytes', () => {
    const keystore = '\xfe\xed\x00{"a"'
    const given = { 'aws:jks': bytes(keystore), 'k8s:jks': keys({ 'a.jks': keystore }) }
    for (const path of ['aws:jks', 'k8s:jks#a.jks']) {
      const { output } = renderWith(formatted('raw', path), given)
      expect(Buffer.from(output).toString('latin1')).toBe(keystore)
    }
  })

  test('a key that is missing is told, with the one that was probably meant', () => {
    const { missingKeys, isAbsent } = renderWith(formatted('raw', ' aws:db#usr '), secrets)
    expect(missingKeys).toEqual([{ reference: 'aws:db#usr', nearest: 'user' }])
    expect(isAbsent).toBe(false)
  })

  test.each(['aws:gone?', 'aws:gone#k?', 'aws:db#nope?'])(
    'there is nothing to write for %s',
    (path) => {
      const { isAbsent, missing, missingKeys, optional, requests } = renderWith(
        formatted('env', path),
        secrets,
      )
      expect({ isAbsent, missing, missingKeys }).toEqual({
        isAbsent: true,
        missing: [],
        missingKeys: [],
      })
      expect(requests.every((request) => optional.has(secretRequestKey(request)))).toBe(true)
    },
  )

  test('what is not known yet is missing, and so is what is needed and does not exist', () => {
    expect(renderWith(formatted('env', 'aws:other?'), secrets)).toMatchObject({
      isAbsent: false,
      missing: [{ path: 'other' }],
    })
    expect(renderWith(formatted('env', 'aws:gone'), secrets)).toMatchObject({
      isAbsent: false,
      missing: [{ path: 'gone' }],
    })
  })

  test('what is no reference does not come to be', () => {
    const thrown = caught(() => formatted('env', 'aws:db#'))
    expect(thrown).toMatchObject({ code: 'template_invalid' })
    expect(String(thrown)).toContain('format env: /file: expected a key after #')
  })
})
