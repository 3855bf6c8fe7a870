/** Every shell there is sources what `env` and `exportLine` write, and gets the bytes and nothing else. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formats } from '../../../../core/template/formats/format.ts'
import { exportLine } from '../../../../core/template/formats/shell.ts'
import { anyMap } from '../../../../core/template/values.ts'
import { unlessRefused } from '../../../support/refusal.ts'
import { isInstalled, shells, sourceWith } from '../../../support/shells.ts'

/** Texts that would run, were they not quoted, and pieces that end or escape quotes. */
const traps = fc.constantFrom(
  '$(touch ran)',
  '`touch ran`',
  '$HOME',
  '$IFS',
  "'; touch ran; '",
  '"; touch ran; "',
  "'\\''",
  "'",
  '"',
  '\\',
  '\n',
  '\r\n',
  '\ntouch ran\n',
  '\t',
  ' ',
  '!',
  '!!',
  '#',
  '&',
  ';',
  '|',
  '>ran',
  '~',
  '*',
  '\\\n',
  '$((1))',
  '%s',
  '\x01',
  '\x7f',
  '\x80',
  '\xff',
  '\xc3\xa9',
  'export X=1',
)
const bytes = fc
  .array(fc.integer({ min: 1, max: 255 }), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes))
const value = fc
  .array(fc.oneof(traps, bytes, fc.string({ unit: 'grapheme-ascii' })), { maxLength: 8 })
  .map((pieces) => pieces.join(''))
const name = fc.stringMatching(/^V[A-Za-z0-9_]{0,6}$/)
const variables = fc.dictionary(name, value, { maxKeys: 12 })

const toBytes = (text: string) => Buffer.from(text, 'latin1')

describe.each(shells.map((shell) => [shell.name, shell] as const))('%s', (_, shell) => {
  const testHere = shell.name === 'sh' || isInstalled(shell) ? test : test.skip

  testHere.each(shell.sourcing.map((word) => [word] as const))(
    '%s gives every value byte for byte and runs none',
    (word) => {
      fc.assert(
        fc.property(variables, (given) => {
          const text = formats.env(anyMap(new Map(Object.entries(given))))
          const sourced = sourceWith(shell, word, toBytes(text))
          expect(sourced.status).toBe(0)
          for (const [key, expected] of Object.entries(given)) {
            expect(sourced.variables.get(key)).toBe(expected)
          }
          expect(sourced.left).toEqual([])
        }),
        { numRuns: 60 },
      )
    },
  )

  testHere('takes a line of exportLine for the same', () => {
    fc.assert(
      fc.property(name, value, (key, expected) => {
        const sourced = sourceWith(shell, '.', toBytes(`${exportLine(key, expected)}\n`))
        expect(sourced.variables.get(key)).toBe(expected)
        expect(sourced.left).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  testHere('runs nothing, and goes on, under a name that means something to a shell', () => {
    const dangerous = ['a[$(touch ran)]', '$(touch ran)', '`touch ran`', '5']
    for (const key of [...knownNames(), ...otherNames]) {
      for (const expected of dangerous) {
        const line = unlessRefused(() => exportLine(key, expected))
        if (line === undefined) continue
        const { variables, left } = sourceWith(shell, '.', toBytes(`${line}\nexport AFTER='1'\n`))
        expect([key, variables.get('AFTER'), left]).toEqual([key, '1', []])
      }
    }
  })
})

/** What bash itself sets, where there is one. */
function knownNames(): readonly string[] {
  const { status, stdout } = spawnSync('bash', ['-c', 'compgen -v'], { env: {}, encoding: 'utf8' })
  return status === 0 ? stdout.trim().split('\n') : []
}

const otherNames = [
  'ENV',
  'BASH_ENV',
  'PROMPT_COMMAND',
  'PS0',
  'PS1',
  'PS2',
  'PS3',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'FUNCNAME',
  'FUNCNEST',
  'HOME',
  'CDPATH',
  'MAILCHECK',
  'OPTARG',
  'POSIXLY_CORRECT',
  'BASH_XTRACEFD',
  'TERM',
  'LANG',
  'TZ',
  'COLUMNS',
  'LINES',
  'HISTFILE',
  'HISTSIZE',
  'IGNOREEOF',
  'TMOUT',
  'TIMEFORMAT',
  'REPLY',
  'PIPESTATUS',
  'COPROC',
  'MAPFILE',
  'COMP_WORDS',
  'READLINE_LINE',
]
