/** Whatever the program writes, the waiter takes it as a last word or ends. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { buildNames, waiterProgram } from './binaries.ts'
import { lastWord, Scene } from './scene.ts'

const longest = 16_384
const seed = 20_260_211

const lines = [
  'due never',
  'due 123456789',
  'due 0000000000000001',
  'end 7000',
  'watch 1234:1764142678123456789 /vault/configs/config.hcl',
  'watch 18446744073709551615:0 /a b',
  'listen unix /nonexistent/agent.sock',
  'listen tcp 192.0.2.1 8200',
  'listen tcp 2001:db8::1 1',
]
/** What means nothing is passed over. */
const oddLines = [
  '',
  'due',
  'due -1',
  'due x',
  'due 123456789012345678901234567890',
  'end never',
  'end -9223372036854775808',
  'end 9223372036854775807',
  'watch ',
  'watch 1:2 relative',
  'watch 1:2 /',
  'watch watch 1 /a',
  `watch 0:0 /${'x'.repeat(8000)}`,
  `watch 0:0 ${'/x'.repeat(4000)}`,
  'listen ',
  'listen tcp 127.0.0.1',
  'listen tcp 192.0.2.1 999999',
  'listen tcp localhost 80',
  'listen tcp ::1%lo 80',
  'listen udp 127.0.0.1 80',
  `listen tcp ${'1'.repeat(500)} 80`,
  `listen tcp 192.0.2.1 80 ${'x'.repeat(500)}`,
  'listen unix relative',
  `listen unix /nonexistent/${'x'.repeat(94)}`,
  `listen unix /${'x'.repeat(107)}`,
  'sleep 1',
  '.',
]

/** By docs/waiter.md. */
function isLastWord(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  const isWhole = text.startsWith('claviger-wait 1\n') && text.endsWith('\n.\n')
  return isWhole && bytes.length <= longest && /[\n\0]due /.test(text)
}

const dueAtOnce = 'claviger-wait 1\ndue 0\n'

/** Whether the program is started again after it. */
async function isTaken(waiter: string, word: Buffer): Promise<boolean> {
  const scene = await Scene.open(waiter)
  try {
    const program = await scene.nextStart()
    if (!word.toString('latin1').startsWith(dueAtOnce)) {
      scene.signal('SIGHUP')
      await program.nextSignal()
    }
    await program.write(word)
    program.exit(0)
    const next = await scene.next()
    expect(next === 0 || typeof next === 'object').toBe(true)
    return next !== 0
  } finally {
    await scene.close()
  }
}

const wholeWord = fc
  .array(fc.constantFrom(...lines, ...oddLines.filter(({ length }) => length < 200)), {
    maxLength: 12,
  })
  .map((found) => writeWord(['due 0', ...found]))

function writeWord(found: readonly string[]): Buffer {
  return Buffer.from(lastWord(...found))
}

/** One byte of another value, or an end too early, or something more. */
const spoiltWord = fc
  .tuple(wholeWord, fc.nat(), fc.nat(255), fc.constantFrom('byte', 'cut', 'more'))
  .map(([word, place, value, how]) => {
    const at = place % word.length
    if (how === 'cut') return word.subarray(0, at)
    const byte = Buffer.of(value)
    return Buffer.concat([word.subarray(0, at), byte, word.subarray(how === 'more' ? at : at + 1)])
  })

describe.each(buildNames)('the waiter (%s)', (build) => {
  const waiter = waiterProgram(build, 'quick')

  test.each([...lines, ...oddLines])('takes %p', async (line) => {
    for (const word of [writeWord([line, 'due 1']), writeWord(['due 0', line])]) {
      expect(isLastWord(word)).toBe(true)
      expect(await isTaken(waiter, word)).toBe(true)
    }
  })

  test.each([
    ['nothing', ''],
    ['no end', 'claviger-wait 1\ndue 1\n'],
    ['half an end', 'claviger-wait 1\ndue 1\n.'],
    ['more than the end', `${lastWord('due 1')}\n`],
    ['another version', 'claviger-wait 2\ndue 1\n.\n'],
    ['nothing between', lastWord()],
    ['no time', lastWord('end 7000', 'watch 0:0 /a')],
    ['too much', lastWord(...Array(911).fill('due 1234567890123'), 'due 1')],
    ['far too much', lastWord(...Array(9000).fill('due 123456789'))],
  ])('does not take %s', async (_, text) => {
    expect(isLastWord(Buffer.from(text))).toBe(false)
    expect(await isTaken(waiter, Buffer.from(text))).toBe(false)
  })

  test.each([
    ['as long as may be', lastWord('due 1', `watch 0:0 /${'x'.repeat(longest - 37)}`)],
    ['many files', lastWord('due 1', ...Array(700).fill('watch 0:0 /nonexistent'))],
    ['many sockets', lastWord('due 1', ...Array(400).fill('listen unix /nonexistent/s'))],
    ['a zero', lastWord('due 1', 'watch 0:0 /a\0b')],
  ])('takes one with %s', async (_, text) => {
    expect(isLastWord(Buffer.from(text))).toBe(true)
    expect(await isTaken(waiter, Buffer.from(text))).toBe(true)
  })

  test('agrees with the page on whatever is written', async () => {
    const words = fc.oneof(
      { weight: 2, arbitrary: wholeWord },
      { weight: 6, arbitrary: spoiltWord },
      {
        weight: 1,
        arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      },
    )
    const agrees = fc.asyncProperty(words, async (word) => {
      expect(await isTaken(waiter, word)).toBe(isLastWord(word))
    })
    await fc.assert(agrees, { seed, numRuns: 200 })
  })
})
