import { describe, expect, test } from '@jest/globals'
import { JsonNumber, type JsonValue } from '../../../../core/json.ts'
import type { SecretAnswer } from '../../../../core/template/secret-request.ts'
import { secretRequestKey } from '../../../../core/template/secret-request.ts'
import { parseTemplate, renderTemplate } from '../../../../core/template/template.ts'
import { render, renderFully } from './render.ts'

const read = (path: string, ...query: readonly (readonly [string, string])[]) => ({
  kind: 'read',
  path,
  query,
})

describe('what a template asks for', () => {
  test.each([
    ['"a/b"', read('a/b')],
    ['" /a/b/ "', read('a/b')],
    ['"a/b?version=2"', read('a/b', ['version', '2'])],
    ['"a/b?x=1&y=a%20b+c#part"', read('a/b', ['x', '1'], ['y', 'a b c'])],
    ['"a/with%20space"', read('a/with space')],
    ['"a:b/c"', read('')],
    ['"a/é"', read('a/é')],
    [
      '"a" "k=v" " b = c=d "',
      {
        kind: 'write',
        path: 'a',
        data: new Map([
          ['k', 'v'],
          ['b', 'c=d'],
        ]),
      },
    ],
    ['"a?x=1" ""', { kind: 'write', path: 'a?x=1', data: new Map() }],
  ])('secret %s', (words, request) => {
    expect(renderFully(`{{ secret ${words} }}`).requests).toEqual([request])
  })

  test.each([
    ['""', 'vault.read: invalid format: ""'],
    ['"///"', 'vault.read: invalid format: ""'],
    ['"/" "k=v"', 'vault.write: invalid format: ""'],
    ['"a" "kv"', 'not k=v pair "kv"'],
    ['"1x:b/c"', 'parse "1x:b/c": first path segment in URL cannot contain colon'],
    ['"a%zz"', 'parse "a%zz": invalid URL escape "%zz"'],
  ])('secret %s: %s', (words, message) => {
    expect(() => render(`{{ secret ${words} }}`)).toThrow(`error calling secret: ${message}`)
  })

  test('no argument asks for nothing', () => {
    expect(renderFully('{{ secret }}')).toMatchObject({ requests: [], missing: [] })
  })
})

describe('rendering before all answers are known', () => {
  const template =
    '{{with secret "one"}}{{with secret (print "dir/" .Data.next)}}{{.Data.v}}{{end}}{{end}}{{secret "one" | print | len}}'

  test('what is missing is nil, reported once and in order', () => {
    const { requests, missing } = renderFully(`${template}{{secret "two"}}`)
    expect(requests).toEqual([read('one'), read('two')])
    expect(missing).toEqual(requests)
  })

  test('answers lead to further requests', () => {
    const { requests, missing } = renderFully(template, { secrets: { one: '{"next":"x"}' } })
    expect(requests).toEqual([read('one'), read('dir/x')])
    expect(missing).toEqual([read('dir/x')])
  })

  test('with all answers nothing is missing', () => {
    const secrets = { one: '{"next":"x"}', 'dir/x': '{"v":"found"}' }
    const { missing, output } = renderFully('{{(secret "one").Data.next}}', { secrets })
    expect(missing).toEqual([])
    expect(Buffer.from(output).toString()).toBe('x')
  })

  test('a failure is kept back while something is missing', () => {
    const failing = '{{$s := secret "one"}}{{toUpper $s.Data.next}}'
    expect(renderFully(failing).missing).toEqual([read('one')])
    expect(render(failing, { secrets: { one: '{"next":"x"}' } })).toBe('X')
    expect(() => render(failing, { secrets: { one: '{"next":1}' } })).toThrow('wrong type')
  })
})

describe('secretRequestKey', () => {
  const write = (...pairs: readonly (readonly [string, string])[]) =>
    ({ kind: 'write', path: 'a', data: new Map(pairs) }) as const

  test('does not depend on the order of parameters', () => {
    expect(secretRequestKey(write(['k', '1'], ['l', '2']))).toBe(
      secretRequestKey(write(['l', '2'], ['k', '1'])),
    )
  })

  test('tells reads, writes, paths and values apart', () => {
    const requests = [
      { kind: 'read', path: 'a', query: [] },
      { kind: 'read', path: 'a', query: [['version', '1']] },
      { kind: 'read', path: 'a?version=1', query: [] },
      write(),
      write(['k', '1']),
      { kind: 'write', path: 'a', data: new Map([['k', new JsonNumber('1')]]) },
    ] as const
    expect(new Set(requests.map(secretRequestKey)).size).toBe(requests.length)
  })
})

describe('an answer', () => {
  const empty = {
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: null,
    warnings: [],
  }
  const show = (template: string, answer: SecretAnswer) => {
    const { output } = renderTemplate(parseTemplate({ name: 'test', text: template }), {
      secret: () => answer,
      now: Date.UTC(2030, 0, 1),
    })
    return Buffer.from(output).toString()
  }

  test('without content is nil, as after a write that was merely done', () => {
    expect(show('{{with secret "a" "k=v"}}x{{else}}none{{end}}', empty)).toBe('none')
    expect(show('{{$s := secret "a" "k=v"}}{{$s}}', empty)).toBe('<nil>')
    expect(() => show('{{pkiCert "pki/issue/a"}}', empty)).toThrow(
      'no secret exists at pki/issue/a',
    )
  })

  test('has nil where the store said nothing', () => {
    const answer = { ...empty, requestId: 'r' }
    expect(show('{{secret "a" | toJSON}}', answer)).toBe(
      '{"RequestID":"r","LeaseID":"","LeaseDuration":0,"Renewable":false,"Data":null,"Warnings":null,"Auth":null,"WrapInfo":null}',
    )
    expect(show('{{secret "a" | toTOML}}', answer)).not.toContain('Warnings')
  })

  test('to a list is its names in the order of their bytes', () => {
    const listed = (keys: JsonValue) => ({ ...empty, data: new Map([['keys', keys]]) })
    expect(show('{{secrets "a" | toJSON}}', listed(['b', 'B', 'é', 'a/']))).toBe(
      '["B","a/","b","é"]',
    )
    expect(show('{{secrets "a"}}', empty)).toBe('[]')
    expect(() => show('{{secrets "a"}}', listed('x'))).toThrow('vault.list(a): unexpected response')
    expect(() => show('{{secrets "a"}}', listed([null]))).toThrow(
      'vault.list(a): non-string in list',
    )
  })
})
