/** `claviger render` with a data file that holds secrets of named stores. */
import { describe, expect, test } from '@jest/globals'
import { readDataFile } from '../../../../cli/render/data-file.ts'
import { type RenderedFile, renderFile } from '../../../../cli/render/render.ts'
import { runTemplates } from '../../../../cli/template.ts'
import { AppError } from '../../../../core/errors.ts'
import { createLocalSource } from '../../../../core/machine/local-source.ts'
import { systemRandomness } from '../../../../core/machine/system-randomness.ts'
import { restrictedPolicy } from '../../../../core/template/policy.ts'
import type { SecretFile } from '../../../../webhook/inject/settings/secret-file.ts'

const data = `
aws:prod/db: {user: ada, password: hunter2, port: 5432}
aws:prod/db@AWSPREVIOUS: {password: old}
shop:/app/licence: plain
shop:/app/sub/x: 1
aws:a%40b@c: {k: v}
secret/data/app: {user: vaulted}
`
const file = readDataFile(data, 'data.yaml')

const plain: SecretFile = {
  name: 'f',
  directory: '/vault/secrets',
  containers: undefined,
  destination: '/vault/secrets/f',
  template: { kind: 'source', path: '' },
  engine: 'go',
  delimiters: { left: '{{', right: '}}' },
  errorOnMissingKey: false,
  optional: false,
  staleness: undefined,
  perms: undefined,
  command: undefined,
  signalled: undefined,
}

function render(template: SecretFile['template']): Promise<RenderedFile> {
  const ports = {
    store: file,
    stores: file.stores,
    readTemplate: () => new Uint8Array(),
    now: () => 0,
    random: systemRandomness,
  }
  return renderFile({ ...plain, template }, ports)
}

const contents = (text: string) => render({ kind: 'contents', text, given: true })

describe('a file', () => {
  test.each([
    [
      '{{secret "aws:prod/db#password"}} {{secret "aws:prod/db#password@AWSPREVIOUS"}}',
      'hunter2 old',
    ],
    ['{{(secret "shop:/app/licence").Data.value}}{{secret "shop:/app/sub/x#value"}}', 'plain1'],
    ['{{range secrets "shop:/app"}}{{.}} {{end}}', 'licence sub/ '],
    ['{{secret "aws:a%40b@c#k"}}{{secret "secret/app#user"}}', 'vvaulted'],
    ['{{with secret "aws:none?"}}x{{else}}none{{end}}', 'none'],
  ])('%s', async (text, expected) => {
    const rendered = await contents(text)
    const output = rendered.kind === 'rendered' ? Buffer.from(rendered.output).toString() : rendered
    expect(output).toBe(expected)
  })

  test('names all keys that are missing', async () => {
    expect(await contents('{{secret "aws:prod/db#pasword"}}{{secret "aws:prod/db#nope"}}')).toEqual(
      {
        kind: 'failed',
        problem:
          'the secret lacks a key that is asked for (destination: /vault/secrets/f, missing: aws:prod/db#pasword (did you mean password?), aws:prod/db#nope)\n',
      },
    )
  })

  test('names the nearest secret', async () => {
    const { kind, ...rest } = await contents('{{secret "aws:prod/dv"}}')
    expect({ kind, ...rest }).toMatchObject({
      kind: 'failed',
      problem: expect.stringContaining('did you mean aws:prod/db?'),
    })
  })

  test('is not written where its only reference leads nowhere and may', async () => {
    const path = 'aws:none#k?'
    expect(await render({ kind: 'format', format: 'raw', path })).toEqual({ kind: 'absent', path })
  })
})

test.each(['aws:prod/db#key: {a: b}', 'aws:: 1', 'secret/app: text'])('%s is refused', (text) => {
  const read = () => readDataFile(text, 'data.yaml')
  expect(read).toThrow(AppError)
  expect(read).toThrow(/data\.yaml/)
})

test('a file that names no stores leaves paths as they are', () => {
  expect(readDataFile('secret/data/app: {a: b}', 'data.yaml').stores).toBeUndefined()
})

test('JSON lines take references too', async () => {
  const lines: string[] = []
  const texts = [
    '{{secret "aws:prod/db#user"}}',
    '{{secret "aws:none?"}}|',
    '{{secret "aws:prod/db#usr"}}',
  ]
  await runTemplates({
    lines: (async function* () {
      for (const [index, template] of texts.entries())
        yield JSON.stringify({ id: String(index), template })
    })(),
    write: (line) => lines.push(line),
    store: file,
    stores: file.stores,
    policy: restrictedPolicy,
    machine: createLocalSource({}),
    random: systemRandomness,
    now: () => 0,
  })
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { id: '0', output_b64: Buffer.from('ada').toString('base64') },
    { id: '1', output_b64: Buffer.from('|').toString('base64') },
    { id: '2', error: expect.stringContaining('aws:prod/db#usr (did you mean user?)') },
  ])
})
