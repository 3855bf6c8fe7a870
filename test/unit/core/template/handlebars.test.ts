import { describe, expect, test } from '@jest/globals'
import { createHandlebarsTemplate } from '../../../../core/template/handlebars/template.ts'
import { restrictedPolicy } from '../../../../core/template/policy.ts'
import type { SecretRequest } from '../../../../core/template/secret-request.ts'
import {
  renderHandlebars,
  renderHandlebarsFully,
  renderWithData,
} from '../../../support/handlebars.ts'
import { answerWith, caught } from './render.ts'

const data =
  '{"user":"ada","quote":"<&\\"\'>","zero":0,"n":1.50,"none":null,"on":true,"off":false,"empty":"","list":["a","b"],"void":[],"users":[{"name":"x","tags":["p","q"]},{"name":"y","tags":[]}],"nested":{"b":2,"a":"1"},"a key":"spaced","json":"x"}'

describe('the language, over a secret’s data', () => {
  test.each([
    ['{{user}}', 'ada'],
    ['{{this.user}}{{./user}}', 'adaada'],
    ['{{quote}}{{{quote}}}{{&quote}}', `<&"'>`.repeat(3)],
    ['{{zero}} {{n}} [{{none}}] {{on}} {{off}}', '0 1.50 [] true false'],
    ['{{nested.a}}{{nested/b}}', '12'],
    ['{{[a key]}} {{"a key"}}', 'spaced spaced'],
    ['{{list.[0]}}{{list.[1]}}{{list.length}}', 'ab2'],
    ['{{#if user}}y{{else}}n{{/if}}{{#if empty}}y{{else}}n{{/if}}', 'yn'],
    ['{{#if zero}}y{{else}}n{{/if}}{{#if zero includeZero=true}}y{{else}}n{{/if}}', 'ny'],
    ['{{#if void}}y{{else}}n{{/if}}{{#if nested}}y{{/if}}{{#if none}}y{{/if}}', 'ny'],
    ['{{#if missing}}y{{else}}n{{/if}}{{#unless nested.missing}}u{{/unless}}', 'nu'],
    ['{{#if (lookup nested "missing")}}y{{else}}n{{/if}}', 'n'],
    ['{{#if off}}1{{else if empty}}2{{else if on}}3{{else}}4{{/if}}', '3'],
    ['{{#unless off}}u{{else}}e{{/unless}}', 'u'],
    ['{{#with nested}}{{a}}{{../user}}{{/with}}', '1ada'],
    ['{{#with nested}}{{#with this}}{{../user}}{{/with}}{{/with}}', 'ada'],
    ['{{#with n}}{{#with ../n}}{{../user}}{{/with}}{{/with}}', 'ada'],
    ['{{#with nested as |x|}}{{x.b}}{{b}}{{/with}}', '22'],
    ['{{#with none}}y{{else}}n{{/with}}', 'n'],
    ['{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
    ['{{#each list as |item index|}}{{index}}{{item}}{{/each}}', '0a1b'],
    ['{{#each nested}}{{@key}}={{this}};{{#if @first}}F{{/if}}{{/each}}', 'a=1;Fb=2;'],
    ['{{#each nested as |value key|}}{{key}}{{value}}{{/each}}', 'a1b2'],
    ['{{#each void}}x{{else}}none{{/each}}{{#each none}}x{{else}}null{{/each}}', 'nonenull'],
    [
      '{{#each users}}{{name}}:{{#each tags}}{{@../index}}{{@index}}{{this}}{{../name}}{{../../user}} {{/each}};{{/each}}',
      'x:00pxada 01qxada ;y:;',
    ],
    ['{{#list}}{{this}}{{/list}}{{#nested}}{{a}}{{/nested}}{{#on}}{{user}}{{/on}}', 'ab1ada'],
    ['{{#off}}x{{else}}o{{/off}}{{^void}}v{{/void}}{{^on}}x{{/on}}', 'ov'],
    ['{{lookup list 1}}{{lookup nested "a"}}{{lookup list (lookup nested "a")}}', 'b1b'],
    ['a {{~user~}} b', 'aadab'],
    ['x\n{{#if on}}\n  y\n{{/if}}\nz', 'x\n  y\nz'],
    ['{{! c }}{{!-- {{d}} --}}e', 'e'],
    ['\\{{user}} {{user}}', '{{user}} ada'],
    ['{{{{raw}}}} {{user}} {{{{/raw}}}}', ' {{user}} '],
    ['{{toUpper user}}{{toJSON nested}}{{shellQuote quote}}', `ADA{"a":"1","b":2}'<&"'\\''>'`],
    ['{{join "," list}} {{base64Encode (toUpper user)}} {{indent 2 user}}', 'a,b QURB   ada'],
    [
      '{{#each users as |u|}}{{exportLine u.name u.tags}};{{/each}}',
      `export x='["p","q"]';export y='[]';`,
    ],
    ['{{#each list as |toUpper|}}{{toUpper}}{{/each}}', 'ab'],
    ['é{{user}}ü', 'éadaü'],
  ])('%s', (template, expected) => {
    expect(renderWithData(template, data)).toBe(expected)
  })
})

describe('a secret', () => {
  const kv = {
    s: '{"data":{"user":"ada"},"metadata":{"version":3,"custom_metadata":{"team":"x"}}}',
  }

  test('is data without the layers of KV version 2, metadata and lease', () => {
    const template =
      '{{#secret "s" as |s|}}{{s.data.user}} {{s.metadata.version}} {{s.metadata.custom_metadata.team}} {{s.leaseDuration}} {{s.leaseId}} {{s.renewable}} {{s.requestId}} {{s.warnings.length}}{{/secret}}'
    expect(renderHandlebars(template, { secrets: kv })).toBe('ada 3 x 3600 lease true request 0')
  })

  test('of another engine is its data as it is', () => {
    const secrets = { 'database/creds/app': '{"username":"u","password":"p"}' }
    const template =
      '{{#secret "database/creds/app"}}{{data.username}}:{{data.password}}{{/secret}}'
    expect(renderHandlebars(template, { secrets })).toBe('u:p')
  })

  test('may be a value', () => {
    const template = '{{#with (secret "s") as |s|}}{{s.data.user}}{{/with}}'
    expect(renderHandlebars(template, { secrets: kv })).toBe('ada')
  })

  test('has the login and the wrapping token that the store gave', () => {
    const auth = {
      clientToken: 't',
      accessor: 'a',
      policies: ['p'],
      metadata: new Map([['k', 'v']]),
      leaseDuration: 5,
      renewable: false,
    }
    const wrapInfo = { token: 'w', ttl: 9, creationTime: 'c', wrappedAccessor: '' }
    const template =
      '{{#secret "s" as |s|}}{{s.auth.clientToken}}{{s.auth.policies.[0]}}{{s.auth.metadata.k}}{{s.wrapInfo.token}}{{s.wrapInfo.ttl}}{{/secret}}'
    const secrets = { s: '{}' }
    expect(renderHandlebars(template, { secrets, answer: { auth, wrapInfo } })).toBe('tpvw9')
  })

  test('keeps its bytes', () => {
    const secrets = { s: '{"jks":"/u3+7QAB"}' }
    const { output } = renderHandlebarsFully(
      '{{#secret "s"}}{{base64Decode data.jks}}{{/secret}}',
      { secrets },
    )
    expect(Buffer.from(output).toString('hex')).toBe('feedfeed0001')
  })
})

describe('what a template asks for', () => {
  const read = (path: string, query: readonly (readonly [string, string])[] = []) => ({
    kind: 'read',
    path,
    query,
  })

  test.each([
    ['{{#secret "a"}}x{{/secret}}', [read('a')]],
    ['{{#secret "/a?version=2"}}x{{/secret}}', [read('a', [['version', '2']])]],
    ['{{#secret "a"}}{{/secret}}{{#secret "a"}}{{/secret}}', [read('a')]],
    [
      '{{#secret "a" as |a|}}{{#secret "b"}}{{/secret}}{{#secret a.data.x}}{{/secret}}{{#if a.data.x}}{{#secret "c"}}{{/secret}}{{/if}}{{/secret}}',
      [read('a'), read('b')],
    ],
    ['{{#with (secret "a") as |a|}}{{/with}}', [read('a')]],
    [
      '{{#secret "pki/issue/app" common_name="x" ttl=60}}{{/secret}}',
      [
        {
          kind: 'write',
          path: 'pki/issue/app',
          data: new Map([
            ['common_name', 'x'],
            ['ttl', '60'],
          ]),
        },
      ],
    ],
  ])('%s', (template, requests) => {
    const result = renderHandlebarsFully(template)
    expect(result.missing).toEqual(requests)
    expect(result.requests).toEqual(requests)
  })

  test('a path that comes from a secret is asked for once that is known', () => {
    const secrets = { a: '{"next":"b"}' }
    const template = '{{#secret "a" as |a|}}{{#secret a.data.next}}{{data.v}}{{/secret}}{{/secret}}'
    expect(renderHandlebarsFully(template, { secrets }).missing).toEqual([read('b')])
    expect(renderHandlebars(template, { secrets: { ...secrets, b: '{"v":"found"}' } })).toBe(
      'found',
    )
  })

  test('a failure in a pass that misses something is not reported', () => {
    const template = '{{#secret "a"}}{{/secret}}{{nothing}}'
    expect(renderHandlebarsFully(template).missing).toHaveLength(1)
  })
})

describe('what does not parse', () => {
  test.each([
    ['x\n{{#if a}}', 2, 10, 'unexpected end of the template'],
    ['{{#if a}}{{/each}}', 1, 4, "if doesn't match each"],
    ['é {{foo bar}}', 1, 3, 'there is no helper "foo"'],
    ['{{toJson x}}', 1, 1, 'there is no helper "toJson"; did you mean toJSON?'],
    ['{{#secrt "x"}}{{/secrt}}', 1, 1, 'there is no helper "secrt"; did you mean secret?'],
    ['{{> part}}', 1, 1, 'partials are not supported'],
    ['{{#> part}}{{/part}}', 1, 1, 'partials are not supported'],
    ['{{* deco}}', 1, 1, 'decorators are not supported'],
    ['{{#* inline "p"}}{{/inline}}', 1, 1, 'decorators are not supported'],
    ['{{#if}}{{/if}}', 1, 1, 'if takes 1 argument, not 0'],
    ['{{#if a b}}{{/if}}', 1, 1, 'if takes 1 argument, not 2'],
    ['{{#each x foo=1}}{{/each}}', 1, 1, 'each takes no argument named foo'],
    ['{{each x}}', 1, 1, 'each is a block; write {{#each …}}'],
    ['{{#toJSON x}}{{/toJSON}}', 1, 1, 'toJSON is no block; write {{toJSON …}}'],
    ['{{toJSON x pretty=true}}', 1, 1, 'toJSON takes no named arguments'],
    [
      '{{split}}',
      1,
      1,
      'split takes 2 arguments, not 0; for a field of that name write this.split',
    ],
    ['{{#secret "x"}}{{else}}{{/secret}}', 1, 1, 'secret has no else'],
    ['{{toJSON undefined}}', 1, 10, 'undefined is no value here; write null'],
    ['{{toJSON (user)}}', 1, 10, 'there is no helper "user"'],
    ['{{log "x"}}', 1, 1, 'there is no helper "log"'],
  ])('%j', (template, line, column, message) => {
    const thrown = caught(() => renderHandlebars(template))
    expect(thrown).toMatchObject({ code: 'template_invalid', template: 'test', line })
    expect(String(thrown)).toContain(`template: test:${line}:${column}: ${message}`)
  })

  test('what is not UTF-8, and what nests too deeply', () => {
    const bytes = Buffer.from('{{x}}\xff', 'latin1').toString('latin1')
    const parse = () => createHandlebarsTemplate({ name: 'test', text: bytes })
    expect(String(caught(parse))).toContain('the template is not UTF-8')
    for (const deep of [
      '{{#if a}}'.repeat(20_000) + '{{/if}}'.repeat(20_000),
      `{{#if a}}${'{{else if b}}'.repeat(20_000)}{{/if}}`,
      `{{toJSON ${'(toJSON '.repeat(20_000)}1${')'.repeat(20_000)}}}`,
    ]) {
      const thrown = caught(() => renderHandlebars(deep))
      expect(thrown).toMatchObject({ code: 'template_invalid', line: 1 })
      expect(String(thrown)).toContain('nested deeper than 200')
    }
    const wide = '{{#if (lookup a "b")}}{{else if c}}{{else}}{{/if}}'.repeat(1000)
    expect(renderHandlebars(`{{#secret "s"}}${wide}{{/secret}}`)).toBe('')
  })

  test('columns of facts count bytes', () => {
    expect(caught(() => renderHandlebars('é{{foo bar}}'))).toMatchObject({ line: 1, column: 3 })
  })
})

describe('what fails', () => {
  const secrets = {
    s: '{"data":{"user":"hunter2","db":{"password":"hunter2"},"list":["hunter2"]},"metadata":{"version":1}}',
  }
  const inside = (template: string) => `{{#secret "s" as |s|}}\n${template}{{/secret}}`

  test.each([
    [
      '{{s.data.usr}}',
      'template: test:2:3: s.data.usr: there is no "usr"; did you mean s.data.user?',
    ],
    ['{{s.data.User}}', 's.data.User: there is no "User"; did you mean s.data.user?'],
    ['{{s.user}}', 's.user: there is no "user"; did you mean s.data.user?'],
    ['{{s.data.data.user}}', 's.data.data.user: there is no "data"; did you mean s.data.user?'],
    ['{{s.Data.user}}', 's.Data.user: there is no "Data"; did you mean s.data.user?'],
    ['{{data.db.pasword}}', 'did you mean data.db.password?'],
    ['{{../data}}', '../data: there is no "data"'],
    ['{{../../x}}', '../../x leads out of the template'],
    ['{{@index}}', 'there is no @index here'],
    ['{{@../first}}', 'there is no @../first here'],
    ['{{toUpper s.data.none}}', 's.data.none: there is no "none"'],
    ['{{lookup s.data s.data.user}}', 'lookup: there is no [redacted]'],
    ['{{lookup s.data "none"}}', 'lookup: there is no "none"'],
    ['{{s.data.db}}', 'a map has no text of its own; write toJSON or toYAML before it'],
    ['{{s.data.list}}', 'a list has no text of its own'],
    ['{{s.data.user.inner}}', 's.data.user.inner: there is no "inner"'],
    ['{{#each s.data.user}}{{/each}}', 'each takes a list or a map, not a value of type string'],
    [
      '{{toUpper s.data.db}}',
      'toUpper: expected an argument of type string, got map[string]interface {}',
    ],
    ['{{base64Decode s.data.user}}', 'base64Decode: base64Decode: illegal base64 data'],
    ['{{#secret s.data.db}}{{/secret}}', 'secret: the path must be a text'],
    ['{{exportLine "PATH" s.data.user}}', 'exportLine: the key "PATH" would set PATH'],
  ])('%s', (template, message) => {
    const thrown = caught(() => renderHandlebars(inside(template), { secrets }))
    expect(thrown).toMatchObject({ code: 'template_failed', line: 2 })
    expect(String(thrown)).toContain(message)
    expect(String(thrown)).not.toContain('hunter2')
  })

  test('a function that the policy denies', () => {
    const text = '{{#secret "s"}}{{#secret "unknown"}}{{/secret}}{{toJSON data}}{{/secret}}'
    const policy = { ...restrictedPolicy, deniedFunctions: ['toJ*'] }
    const template = createHandlebarsTemplate({ name: 'test', text, policy })
    const secret = ({ path }: SecretRequest) => (path === 's' ? answerWith('{}') : undefined)
    const thrown = caught(() => template.render({ secret }))
    expect(thrown).toMatchObject({ code: 'template_denied', line: 1 })
    expect(String(thrown)).toContain('toJSON: function is disabled')
  })

  test.each([
    [
      'steps',
      { steps: 100 },
      '{{#with data as |d|}}{{#each d.list}}{{#each d.list}}{{#each d.list}}x{{/each}}{{/each}}{{/each}}{{/with}}',
    ],
    ['output', { outputBytes: 100 }, '{{#each data.list}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{/each}}'],
    [
      'depth',
      { depth: 4 },
      '{{#if data}}{{#if data}}{{#if data}}{{#if data}}{{/if}}{{/if}}{{/if}}{{/if}}',
    ],
  ])('a budget of %s', (_, budget, template) => {
    const list = { s: '{"list":[1,2,3,4,5,6,7,8]}' }
    const whole = `{{#secret "s"}}${template}{{/secret}}`
    expect(renderHandlebars(whole, { secrets: list })).toBeDefined()
    const thrown = caught(() => renderHandlebars(whole, { secrets: list, budget }))
    expect(thrown).toMatchObject({ code: 'template_failed' })
    expect(String(thrown)).toContain('exceeded the budget of')
  })
})
