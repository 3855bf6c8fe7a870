import { describe, expect, test } from '@jest/globals'
import { createFormattedSecret } from '../../../../core/template/renderable.ts'
import { type FormatName, formatNames } from '../../../../core/template/vocabulary.ts'
import { answerWith, caught, render } from './render.ts'

const metadata = '"metadata":{"version":3,"created_time":"2026-01-01T00:00:00Z"}'

/** The file of a secret whose answer has `data`, as KV version 2 gives it or as it is. */
function written(format: FormatName, data: string, { versioned = true } = {}): string {
  const answer = answerWith(versioned ? `{"data":${data},${metadata}}` : data)
  const secret = createFormattedSecret({ name: '/file', format, path: 'secret/data/app' })
  return Buffer.from(secret.render({ secret: () => answer }).output).toString('utf8')
}

const rich =
  '{"user":"ada","port":5432,"ratio":1.50,"on":true,"none":null,"tags":["a",2],"tls":{"ca":"x","depth":{"n":1}}}'

describe('a secret in each format', () => {
  test.each<[FormatName, string]>([
    [
      'env',
      `export none=''
export on='true'
export port='5432'
export ratio='1.50'
export tags='["a",2]'
export tls='{"ca":"x","depth":{"n":1}}'
export user='ada'
`,
    ],
    [
      'dotenv',
      `none=''
on='true'
port='5432'
ratio='1.50'
tags='["a",2]'
tls='{"ca":"x","depth":{"n":1}}'
user='ada'
`,
    ],
    [
      'json',
      `{
  "none": null,
  "on": true,
  "port": 5432,
  "ratio": 1.50,
  "tags": [
    "a",
    2
  ],
  "tls": {
    "ca": "x",
    "depth": {
      "n": 1
    }
  },
  "user": "ada"
}
`,
    ],
    [
      'yaml',
      `none: null
"on": true
port: 5432
ratio: 1.5
tags:
- a
- 2
tls:
  ca: x
  depth:
    "n": 1
user: ada
`,
    ],
    [
      'properties',
      `none=
on=true
port=5432
ratio=1.50
tags[0]=a
tags[1]=2
tls.ca=x
tls.depth.n=1
user=ada
`,
    ],
    [
      'toml',
      `on = true
port = 5432
ratio = 1.5
tags = ["a", 2]
user = "ada"

[tls]
  ca = "x"
  [tls.depth]
    n = 1
`,
    ],
  ])('%s', (format, expected) => {
    expect(written(format, rich)).toBe(expected)
    expect(written(format, rich, { versioned: false })).toBe(expected)
  })

  test('an empty secret is an empty document of each but raw', () => {
    const documents = formatNames
      .filter((name) => name !== 'raw')
      .map((name) => written(name, '{}'))
    expect(documents).toEqual(['', '', '{}\n', '{}\n', '', ''])
  })
})

describe('raw', () => {
  test.each([
    ['the only key', '{"blob":"a\\u0000b\\n\\u00e9"}', 'a\0b\né'],
    ['value beside others', '{"value":"x","other":"y"}', 'x'],
    ['a number', '{"n":1.50}', '1.50'],
    ['a map', '{"m":{"a":"<&>"}}', '{"a":"<&>"}'],
  ])('writes %s and no byte more', (_, data, expected) => {
    expect(written('raw', data)).toBe(expected)
  })
})

describe('what a format refuses', () => {
  test.each<[FormatName, string, string]>([
    ['env', '{"a-b":"secret1","a.b":"secret2"}', 'the keys "a-b" and "a.b" both become a_b'],
    ['env', '{"":"secret1"}', 'a variable has an empty name'],
    [
      'env',
      '{"PATH":"secret1"}',
      'the key "PATH" would set PATH, which means something to the shell itself; rename the key',
    ],
    ['env', '{"RANDOM":"secret1"}', 'the key "RANDOM" would set RANDOM'],
    ['env', '{"ENV":"$(secret1)"}', 'the value of "ENV": shells expand ENV'],
    [
      'env',
      '{"k":"secret1\\u0000"}',
      'the value of "k": a NUL byte, which no shell variable can hold',
    ],
    ['dotenv', '{"k":"secret1\\r\\n"}', 'the value of "k" holds a carriage return'],
    ['dotenv', '{"k":"\'\\"`secret1"}', 'the value of "k" holds quotes of every kind'],
    [
      'properties',
      '{"a":{"b":"secret1"},"a.b":"secret2"}',
      'two members both become the key "a.b"',
    ],
    ['toml', '{"a":["secret1",null]}', 'toml: cannot encode array with nil element'],
    ['raw', '{"a":"secret1","b":"secret2"}', 'the secret has 2 keys of which none is "value"'],
    ['raw', '{}', 'the secret has 0 keys'],
  ])('%s %s', (format, data, message) => {
    const thrown = caught(() => written(format, data))
    expect(thrown).toMatchObject({ code: 'template_failed', template: '/file', line: 1 })
    expect(String(thrown)).toContain(`format ${format}: /file: `)
    expect(String(thrown)).toContain(message)
    expect(String(thrown)).not.toContain('secret1')
  })

  test('a path that is none', () => {
    const thrown = caught(() => createFormattedSecret({ name: '/f', format: 'env', path: ' ' }))
    expect(thrown).toMatchObject({ code: 'template_invalid' })
  })
})

test('keys that are no names of variables are spelt with underscores', () => {
  expect(written('env', '{"db.pass-word":"x","1st":"y","é":"z"}')).toBe(
    "export _1st='y'\nexport db_pass_word='x'\nexport __='z'\n",
  )
})

test('what is asked for is the path with its query, once', () => {
  const secret = createFormattedSecret({ name: '/f', format: 'env', path: '/kv/data/a?version=2' })
  const request = { kind: 'read', path: 'kv/data/a', query: [['version', '2']] }
  const { missing, requests } = secret.render({ secret: () => undefined })
  expect([missing, requests]).toEqual([[request], [request]])
})

describe('the formatting functions', () => {
  const secrets = {
    s: '{"user":"o\'hara","app":{"name":"x y","note":" #1"}}',
    pki: `{"certificate":"-----BEGIN CERTIFICATE-----\\nleaf\\n-----END CERTIFICATE-----","issuing_ca":"-----BEGIN CERTIFICATE-----\\nca\\n-----END CERTIFICATE-----\\n","ca_chain":["-----BEGIN CERTIFICATE-----\\nca\\n-----END CERTIFICATE-----","-----BEGIN CERTIFICATE-----\\nroot\\n-----END CERTIFICATE-----"],"private_key":"-----BEGIN RSA PRIVATE KEY-----\\nkey\\n-----END RSA PRIVATE KEY-----"}`,
    bare: `{"certificate":"-----BEGIN CERTIFICATE-----\\nleaf\\n-----END CERTIFICATE-----","issuing_ca":"-----BEGIN CERTIFICATE-----\\nca\\n-----END CERTIFICATE-----"}`,
    der: '{"certificate":"MII"}',
  }
  const block = (name: string, kind = 'CERTIFICATE') =>
    `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----`

  test.each([
    ['{{ shellQuote "it\'s" }}', "'it'\\''s'"],
    ['{{ envLine "a.b" 5 }}', "a_b='5'"],
    ['{{ with secret "s" }}{{ exportLine "U" .Data.user }}{{ end }}', "export U='o'\\''hara'"],
    [
      '{{ with secret "s" }}{{ dotenv .Data }}{{ end }}',
      'app=\'{"name":"x y","note":" #1"}\'\nuser="o\'hara"',
    ],
    [
      '{{ with secret "s" }}{{ properties .Data }}{{ end }}',
      "app.name=x y\napp.note=\\ #1\nuser=o'hara",
    ],
    [
      '{{ with secret "s" }}{{ ini .Data }}{{ end }}',
      'user = "o\'hara"\n\n[app]\nname = x y\nnote = " #1"',
    ],
    [
      '{{ with secret "pki" }}{{ pem .Data }}{{ end }}',
      [block('leaf'), block('ca'), block('root'), block('key', 'RSA PRIVATE KEY')].join('\n'),
    ],
    [
      '{{ with secret "pki" }}{{ pem .Data "private_key" "certificate" }}{{ end }}',
      [block('key', 'RSA PRIVATE KEY'), block('leaf')].join('\n'),
    ],
    [
      '{{ with secret "bare" }}{{ pem .Data "certificate" "ca_chain" }}{{ end }}',
      [block('leaf'), block('ca')].join('\n'),
    ],
  ])('%s', (template, expected) => {
    expect(render(template, { secrets })).toBe(expected)
  })

  test.each([
    ['{{ with secret "bare" }}{{ pem .Data }}{{ end }}', 'no private_key in what was given'],
    [
      '{{ with secret "der" }}{{ pem .Data "certificate" }}{{ end }}',
      'certificate is not PEM; ask for format=pem',
    ],
    [
      '{{ with secret "s" }}{{ pem .Data "key" }}{{ end }}',
      'expected parts out of certificate, ca_chain, private_key',
    ],
    ['{{ dotenv "x" }}', 'expected a map, got string'],
    ['{{ with secret "s" }}{{ envLine "IFS" .Data.user }}{{ end }}', 'the key "IFS" would set IFS'],
  ])('%s fails', (template, message) => {
    const thrown = String(caught(() => render(template, { secrets })))
    expect(thrown).toContain(message)
    expect(thrown).not.toContain("o'hara")
  })
})
