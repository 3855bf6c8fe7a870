import { describe, expect, test } from '@jest/globals'
import {
  bytes,
  goTemplate,
  handlebarsTemplate,
  keys,
  outputOf,
  renderWith,
  vault,
  whole,
} from '../../../support/stored-secrets.ts'
import { caught } from './render.ts'

const database =
  '{"user":"ada","password":"hunter2","port":5432.0,"db":{"host":"h","tags":["a","b"]},"on":false,"none":null,"inner":"{\\"deep\\":\\"d\\"}","a.b":"dotted"}'

const secrets = {
  'aws:prod/db': whole(database),
  'aws:prod/db@AWSPREVIOUS': whole('{"password":"old"}'),
  'aws:text': whole('hunter2\n'),
  'aws:list': whole('["a"]'),
  'aws:has-data': whole('{"data":"own","x":"1"}'),
  'aws:layers': whole('{"data":{"k":"v"},"metadata":{"n":1}}'),
  'aws:gone': null,
  'k8s:app': keys({ user: 'ada', 'tls.crt': 'CRT', '.dockercfg': '{"auths":{"x":"y"}}' }),
  'aws:prod': vault('{"keys":["db","sub/"]}'),
  'secret/data/app': vault('{"data":{"user":"vaulted","data":"d"},"metadata":{"version":3}}'),
  'kv/app': vault('{"user":"first"}'),
  'other:secret/data/app': vault('{"data":{"user":"elsewhere"},"metadata":{"version":1}}'),
}

const render = (template: string) => outputOf(goTemplate(template), secrets)

describe('a secret of another store in the go engine', () => {
  test.each([
    [
      '{{with secret "aws:prod/db"}}{{.Data.user}} {{.Data.port}} {{.Data.db.host}}{{end}}',
      'ada 5432.0 h',
    ],
    ['{{with secret "aws:prod/db"}}{{.Data.data.user}} {{.Data.data.db.host}}{{end}}', 'ada h'],
    [
      '{{with secret "aws:prod/db"}}{{index .Data "a.b"}} {{index .Data.data "a.b"}} {{index .Data "data" "user"}}{{end}}',
      'dotted dotted ada',
    ],
    ['{{range $k, $v := (secret "k8s:app").Data}}{{$k}};{{end}}', '.dockercfg;tls.crt;user;'],
    ['{{range $k, $v := (secret "k8s:app").Data.data}}{{$k}};{{end}}', '.dockercfg;tls.crt;user;'],
    [
      '{{len (secret "k8s:app").Data}} {{(secret "aws:prod/db@AWSPREVIOUS").Data | toJSON}}',
      '3 {"password":"old"}',
    ],
    [
      '{{(secret "aws:text").Data.value | trimSpace}} {{(secret "aws:list").Data.data.value}}',
      'hunter2 ["a"]',
    ],
    ['{{(secret "aws:has-data").Data.data}} {{(secret "aws:has-data").Data.x}}', 'own 1'],
    ['{{(secret "aws:layers").Data.data.k}} {{(secret "aws:layers").Data.metadata.n}}', 'v 1'],
    [
      '{{(secret "other:secret/data/app").Data.data.user}} {{(secret "other:secret/data/app").Data.metadata.version}}',
      'elsewhere 1',
    ],
    [
      '{{sprig_get (secret "aws:prod/db").Data "data" | len}} {{sprig_dig "data" "user" "" (secret "aws:prod/db").Data}} {{sprig_hasKey (secret "aws:prod/db").Data "data"}}',
      '8 ada true',
    ],
    ['{{(secret "aws:prod/db").Data.data.missing}}', '<no value>'],
    ['{{range secrets "aws:prod/"}}{{.}},{{end}}', 'db,sub/,'],
    ['{{eq (secret "aws:prod/db") (secret "aws:prod/db")}}', 'true'],
  ])('%s', (template, expected) => {
    expect(render(template)).toBe(expected)
  })

  test('bytes stay bytes', () => {
    const keystore = '\xfe\xed\xfe\xed\x00\x01{'
    const given = { 'aws:jks': bytes(keystore), 'k8s:jks': keys({ 'store.jks': keystore }) }
    const template =
      '{{(secret "aws:jks").Data.value}}{{secret "aws:jks#value"}}{{secret "k8s:jks#store.jks"}}'
    const { output } = renderWith(goTemplate(template), given)
    expect(Buffer.from(output).toString('latin1')).toBe(keystore.repeat(3))
  })

  test('what only looks like JSON is a text', () => {
    for (const text of ['{"a":', '{\xff}', ' [1', '{"a":1}x']) {
      const { output } = renderWith(goTemplate('{{(secret "aws:x").Data.value}}'), {
        'aws:x': bytes(text),
      })
      expect(Buffer.from(output).toString('latin1')).toBe(text)
    }
  })
})

describe('one key of a secret', () => {
  test.each([
    ['{{secret "aws:prod/db#password"}}', 'hunter2'],
    ['{{secret "aws:prod/db#password@AWSPREVIOUS"}}', 'old'],
    ['{{secret "aws:prod/db#port"}} {{secret "aws:prod/db#on"}}', '5432.0 false'],
    ['{{secret "aws:prod/db#a.b"}}{{secret "k8s:app#tls.crt"}}', 'dottedCRT'],
    ['{{secret "aws:prod/db#db.host"}}{{secret "aws:prod/db#db.tags.1"}}', 'hb'],
    ['{{secret "aws:prod/db#inner.deep"}}{{secret "k8s:app#.dockercfg.auths.x"}}', 'dy'],
    ['{{secret "aws:text#value" | trimSpace}}', 'hunter2'],
    [
      '{{secret "secret/data/app#user"}}{{secret "kv/app#user"}}{{secret "other:secret/data/app#user"}}',
      'vaultedfirstelsewhere',
    ],
    ['{{secret "secret/data/app#data"}}', 'd'],
    [
      '{{with secret "aws:prod/db#password"}}{{.}}|{{.Data.password}}|{{.Data.data.password}}|{{.LeaseDuration}}{{end}}',
      'hunter2|hunter2|hunter2|0',
    ],
    ['{{with secret "aws:prod/db#db.host"}}{{.Data.host}}{{end}}', 'h'],
    [
      '{{with secret "aws:prod/db#db"}}{{.host}}{{range .tags}}{{.}}{{end}}{{.Data.db.host}}{{end}}',
      'habh',
    ],
    [
      '{{$p := secret "aws:prod/db#password"}}{{$p}} {{$p.Data.password}} {{len $p}} {{$p | toUpper}}',
      'hunter2 hunter2 7 HUNTER2',
    ],
    ['{{range secret "aws:prod/db#db.tags"}}[{{.}}]{{end}}', '[a][b]'],
    [
      '{{range $k, $v := (secret "aws:prod/db#password").Data}}{{$k}}={{$v}}{{end}}',
      'password=hunter2',
    ],
    ['{{if secret "aws:prod/db#on"}}on{{else}}off{{end}}', 'off'],
    ['{{if eq (secret "aws:prod/db#user") "ada"}}yes{{end}}', 'yes'],
    ['{{printf "%s:%v" (secret "aws:prod/db#user") (secret "aws:prod/db#port")}}', 'ada:5432.0'],
    [
      '{{base64Encode (secret "aws:prod/db#user")}} {{exportLine "P" (secret "aws:prod/db#password")}}',
      "YWRh export P='hunter2'",
    ],
    [
      '{{secret "aws:prod/db#db" | toJSON}} {{secret "aws:prod/db#user" | toJSON}}',
      '{"host":"h","tags":["a","b"]} "ada"',
    ],
    [
      '{{define "t"}}{{.}}{{.Data.user}}{{end}}{{template "t" secret "aws:prod/db#user"}}',
      'adaada',
    ],
    ['{{sprig_default "d" (secret "aws:prod/db#user")}}', 'ada'],
    ['{{or (secret "aws:prod/db#none?") "d"}}', 'd'],
  ])('%s', (template, expected) => {
    expect(render(template)).toBe(expected)
  })

  test('has the lease of its secret', () => {
    const leased = {
      ...vault('{"username":"u"}'),
      leaseId: 'database/creds/app/1',
      leaseDuration: 60,
    }
    const template =
      '{{with secret "database/creds/app#username"}}{{.}} {{.LeaseID}} {{.LeaseDuration}} {{.Data.username}} {{.Auth}}{{end}}'
    expect(outputOf(goTemplate(template), { 'database/creds/app': leased })).toBe(
      'u database/creds/app/1 60 u <nil>',
    )
    const view =
      '{{#secret "database/creds/app#username" as |s|}}{{s.leaseDuration}} {{s.data.username}}{{/secret}}'
    expect(outputOf(handlebarsTemplate(view), { 'database/creds/app': leased })).toBe('60 u')
  })

  test('all that are missing are named at once, with what they may have been', () => {
    const template = `{{secret "aws:prod/db#pasword"}}{{secret "aws:prod/db#db.hots"}}{{secret "k8s:app#tls.cert"}}
{{secret "aws:text#user"}}{{secret "secret/data/app#usr"}}{{secret "aws:prod/db#pasword"}}{{secret "aws:prod/db#data.user"}}
{{secret "aws:prod/db#zzz?"}}{{index "" 1}}`
    const { missingKeys, missing } = renderWith(goTemplate(template), secrets)
    expect(missing).toEqual([])
    expect(missingKeys).toEqual([
      { reference: 'aws:prod/db#pasword', nearest: 'password' },
      { reference: 'aws:prod/db#db.hots', nearest: 'db.host' },
      { reference: 'k8s:app#tls.cert', nearest: 'tls.crt' },
      { reference: 'aws:text#user', nearest: undefined },
      { reference: 'secret/data/app#usr', nearest: 'user' },
      { reference: 'aws:prod/db#data.user', nearest: 'user' },
    ])
  })

  test('a path that comes from a secret is not told', () => {
    const template =
      '{{$v := secret "aws:text#value"}}{{secret (print "aws:" $v "#nope")}}{{secret (print "aws:" $v "#" $v)}}'
    const given = { 'aws:text': whole('hunter2'), 'aws:hunter2': whole('{}') }
    expect(renderWith(goTemplate(template), given).missingKeys).toEqual([
      { reference: '(computed by the template)#nope', nearest: undefined },
      { reference: '(computed by the template)#[redacted]', nearest: undefined },
    ])
  })
})

describe('an optional reference that leads nowhere', () => {
  test.each([
    ['{{secret "aws:gone#k?"}}|{{secret "aws:prod/db#nope?"}}|{{secret "aws:gone?"}}', '||'],
    [
      '{{with secret "aws:gone?"}}x{{else}}n{{end}}{{if secret "aws:gone#k?"}}x{{else}}n{{end}}',
      'nn',
    ],
    ['{{with secret "aws:prod/db#nope?"}}x{{else}}n{{end}}', 'n'],
    ['{{range $k, $v := (secret "aws:gone?").Data}}x{{end}}', ''],
    ['{{(secret "aws:gone#a.k?").Data.k}}{{(secret "aws:gone#a.k?").Data.data.k}}', ''],
    ['{{sprig_default "d" (secret "aws:gone#k?")}}', 'd'],
    ['{{secret "aws:prod/db#user?"}}{{with secret "aws:prod/db?"}}{{.Data.user}}{{end}}', 'adaada'],
  ])('%s', (template, expected) => {
    expect(render(template)).toBe(expected)
  })

  test('is asked for first, and one that is needed goes on missing', () => {
    const template = goTemplate('{{secret "aws:gone?"}}{{secret "aws:gone#k?"}}')
    expect(renderWith(template, {}).missing).toHaveLength(1)
    expect(renderWith(template, secrets).missing).toEqual([])
    const needed = goTemplate('{{secret "aws:gone?"}}{{secret "aws:gone#k"}}')
    expect(renderWith(needed, secrets).missing).toHaveLength(1)
    const certain = goTemplate('{{secret "aws:not-yet"}}{{secret "aws:gone"}}')
    expect(renderWith(certain, secrets).missing).toHaveLength(2)
  })
})

describe('in handlebars', () => {
  const view = (template: string) => outputOf(handlebarsTemplate(template), secrets)

  test.each([
    [
      '{{#secret "aws:prod/db" as |s|}}{{s.data.user}} {{s.data.port}} {{s.data.data.user}}{{/secret}}',
      'ada 5432.0 ada',
    ],
    [
      '{{#secret "k8s:app" as |s|}}{{#each s.data}}{{@key}};{{/each}}{{/secret}}',
      '.dockercfg;tls.crt;user;',
    ],
    ['{{#secret "aws:layers" as |s|}}{{s.data.metadata.n}}{{/secret}}', '1'],
    ['{{#secret "aws:text"}}{{data.value}}{{/secret}}', 'hunter2\n'],
    [
      '{{secret "aws:prod/db#password"}} {{toUpper (secret "secret/data/app#user")}}',
      'hunter2 VAULTED',
    ],
    ['{{#secret "aws:prod/db#db.host" as |s|}}{{s.data.host}}{{/secret}}', 'h'],
    ['{{#each (secret "aws:prod/db#db.tags")}}{{this}}{{/each}}', 'ab'],
    ['{{#secret "aws:gone?" as |s|}}x{{else}}none{{/secret}}', 'none'],
    [
      '{{#secret "aws:gone#k?"}}x{{/secret}}|{{secret "aws:gone#k?"}}|{{#if (secret "aws:gone?")}}x{{/if}}',
      '||',
    ],
    ['{{#secret "aws:prod/db#user?" as |s|}}{{s.data.user}}{{else}}none{{/secret}}', 'ada'],
    ['{{#secret "secret/data/app@3"}}{{/secret}}', ''],
  ])('%s', (template, expected) => {
    expect(view(template)).toBe(expected)
  })

  test('a block that may be skipped asks for nothing inside before that is known', () => {
    const template = handlebarsTemplate(
      '{{#secret "aws:a?"}}{{#secret "aws:b"}}{{/secret}}{{/secret}}{{#secret "aws:c"}}{{#secret "aws:d"}}{{/secret}}{{/secret}}',
    )
    expect(renderWith(template, {}).missing.map(({ path }) => path)).toEqual(['a', 'c', 'd'])
  })

  test('missing keys and refusals are as in the go engine', () => {
    const template = handlebarsTemplate(
      '{{secret "aws:prod/db#usr"}}{{secret "k8s:app#zzz"}}{{nothing}}',
    )
    expect(renderWith(template, secrets).missingKeys).toEqual([
      { reference: 'aws:prod/db#usr', nearest: 'user' },
      { reference: 'k8s:app#zzz', nearest: undefined },
    ])
    expect(String(caught(() => view('{{#secret "aws:x" k="v"}}{{/secret}}')))).toContain(
      'this names the store aws',
    )
  })
})
