import { describe, expect, test } from '@jest/globals'
import {
  type SecretListRequest,
  type SecretReadRequest,
  type SecretRequest,
  secretRequestKey,
} from '../../../../core/template/secret-request.ts'
import { lintTemplate, parseTemplate } from '../../../../core/template/template.ts'
import { goTemplate, renderWith, stores } from '../../../support/stored-secrets.ts'
import { caught } from './render.ts'

describe('what a reference asks for', () => {
  const read = (parts: Partial<SecretReadRequest> & { readonly path: string }) =>
    ({ kind: 'read', query: [], ...parts }) satisfies SecretReadRequest
  const list = (parts: Omit<SecretListRequest, 'kind'>) =>
    ({ kind: 'list', ...parts }) satisfies SecretListRequest

  test.each([
    ['secret "aws:prod/db"', read({ store: 'aws', path: 'prod/db' })],
    ['secret "aws:prod/db#password?"', read({ store: 'aws', path: 'prod/db' })],
    [
      'secret "aws:/prod/db#password@AWSPREVIOUS"',
      read({ store: 'aws', path: '/prod/db', version: 'AWSPREVIOUS' }),
    ],
    ['secret "/secret/data/app#user"', read({ path: 'secret/data/app' })],
    ['secret "secret/app#user@3"', read({ path: 'secret/app', query: [['version', '3']] })],
    [
      'secret "secret/app?x=1#user@3"',
      read({
        path: 'secret/app',
        query: [
          ['x', '1'],
          ['version', '3'],
        ],
      }),
    ],
    ['secret "secret/app?"', read({ path: 'secret/app' })],
    ['secrets "aws:prod/"', list({ store: 'aws', path: 'prod' })],
    ['secrets "aws:"', list({ store: 'aws', path: '' })],
    ['secrets "/secret/metadata/"', list({ path: 'secret/metadata' })],
    ['pkiCert "pki/issue/x"', { kind: 'pki', path: 'pki/issue/x', data: new Map() }],
    [
      'secret "pki/issue/x" "k=v"',
      { kind: 'write', path: 'pki/issue/x', data: new Map([['k', 'v']]) },
    ],
  ])('%s', (call, request) => {
    const { requests, missing } = renderWith(goTemplate(`{{ ${call} }}`), {})
    expect(requests).toEqual([request])
    expect(missing).toEqual([request])
  })

  test('each secret once, however many of its keys are wanted', () => {
    const template =
      '{{secret "aws:prod/db#user"}}{{secret "aws:prod/db#port?"}}{{secret "aws:prod/db"}}{{secret "aws:prod/db@AWSPREVIOUS"}}'
    const { requests, optional } = renderWith(goTemplate(template), {})
    expect(requests).toHaveLength(2)
    expect(optional.size).toBe(0)
    expect(new Set(requests.map(secretRequestKey)).size).toBe(2)
  })

  test('keys tell stores, versions and kinds apart', () => {
    const requests: readonly SecretRequest[] = [
      read({ path: 'a' }),
      read({ store: 'aws', path: 'a' }),
      read({ store: 'k8s', path: 'a' }),
      read({ store: 'aws', path: 'a', version: 'v' }),
      list({ path: 'a' }),
      list({ store: 'aws', path: 'a' }),
    ]
    expect(new Set(requests.map(secretRequestKey)).size).toBe(requests.length)
  })

  test('is optional only where every reference is', () => {
    const both = '{{secret "aws:a?"}}{{secret "aws:b#k?"}}{{secret "aws:b"}}'
    const { requests, optional } = renderWith(goTemplate(both), {})
    expect(requests.map(secretRequestKey).map((key) => optional.has(key))).toEqual([true, false])
  })

  test.each([
    [
      'secret "aws:x" "k=v"',
      "only the pod's own Vault takes arguments and issues certificates, and this names the store aws; write there with claviger set",
    ],
    ['pkiCert "aws:x"', 'this names the store aws'],
    ['secret "aws:"', 'expected a path: "aws:"'],
    ['secret "aws:x#"', 'expected a key after #: "aws:x#"'],
    ['secret "secret/x?version=2@3"', 'the version is given twice, with @ and with ?version='],
  ])('%s: %s', (call, message) => {
    expect(String(caught(() => renderWith(goTemplate(`{{ ${call} }}`), {})))).toContain(message)
    const problems = lint(`x {{ if 0 }}{{ ${call} }}{{ end }}`)
    expect(problems).toMatchObject([{ line: 1, column: 16 }])
    expect(problems[0]?.message).not.toContain('"')
  })

  test('what is computed or right is no problem of the text', () => {
    expect(lint('{{secret (print "aws:")}}{{"aws:" | secret}}{{secret "aws:x#k?"}}')).toEqual([])
    expect(lintTemplate({ name: '', text: '{{secret "aws:x" "k=v"}}' })).toEqual([])
  })

  function lint(text: string) {
    return lintTemplate({ name: 'test', text, stores })
  }
})

describe('what is certain before anything is known', () => {
  const certain = (text: string) =>
    parseTemplate({ name: 'test', text, stores }).certain.map(
      ({ request, reference }) => `${request.path}${reference?.isOptional === true ? '?' : ''}`,
    )

  test.each([
    ['{{secret "aws:a#k"}}{{secret "b#k"}}', ['a', 'b']],
    ['{{with secret "aws:a"}}{{secret "aws:b"}}{{end}}', ['a', 'b']],
    ['{{with secret "aws:a#k"}}{{secret "aws:b"}}{{end}}', ['a']],
    ['{{with secret "aws:a?"}}{{secret "aws:b"}}{{end}}', ['a?']],
    ['{{secret "aws:a?"}}{{secret "aws:a#k"}}{{secret "aws:a?"}}', ['a']],
    ['{{with secret (print "aws:a?")}}{{secret "aws:b"}}{{end}}', []],
    ['{{secret "aws:a" "k=v"}}', []],
  ])('%s', (text, paths) => {
    expect(certain(text)).toEqual(paths)
  })
})
