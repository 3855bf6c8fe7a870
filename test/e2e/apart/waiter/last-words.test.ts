/** Whatever the program writes, the waiter takes it as a last word or ends. */
import { isIPv4, isIPv6 } from 'node:net'
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
const wrongLines = [
  '',
  'due',
  'due -1',
  'due 1 ',
  'due  1',
  'due\t1',
  'due 12345678901234567',
  'end never',
  'end 0x10',
  'watch 1:2 relative',
  'watch 1:2 /',
  'watch 1 /a',
  'watch -1:2 /a',
  'watch 0:0:0 /a',
  'listen tcp 127.0.0.1 0',
  'listen tcp 127.0.0.1 65536',
  'listen tcp 127.0.0.1 +80',
  'listen tcp 127.0.0 80',
  'listen tcp localhost 80',
  'listen tcp ::1%lo 80',
  'listen udp 127.0.0.1 80',
  'listen unix relative',
  `listen unix /${'x'.repeat(107)}`,
  'sleep 1',
  '.',
]

/** By docs/waiter.md. */
function isLastWord(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  if (bytes.length > longest || text.includes('\0')) return false
  if (!text.startsWith('claviger-wait 1\n') || !text.endsWith('\n.\n')) return false
  const between = text.slice('claviger-wait 1\n'.length, -'.\n'.length)
  const found = between === '' ? [] : between.slice(0, -1).split('\n')
  const count = (start: string) => found.filter((line) => line.startsWith(start)).length
  return found.every(isLine) && count('watch ') <= 512 && count('listen ') <= 8
}

function isLine(line: string): boolean {
  const [, ip = '', port = ''] = /^listen tcp (\S+) (\d{1,5})$/.exec(line) ?? []
  if (port !== '') {
    const isPort = Number(port) >= 1 && Number(port) <= 65_535
    return isPort && (isIPv4(ip) || (isIPv6(ip) && !ip.includes('%')))
  }
  if (/^listen unix \//.test(line)) return line.length - 'listen unix '.length < 108
  return /^(due (never|\d{1,16})|end \d{1,16}|watch \d{1,20}:\d{1,20} \/.+)$/s.test(line)
}

/** Whether the program is started again after it. */
async function isTaken(waiter: string, word: Buffer): Promise<boolean> {
  const scene = await Scene.open(waiter)
  try {
    const program = await scene.nextStart()
    scene.signal('SIGHUP')
    await program.nextSignal()
    await program.write(word)
    program.exit(0)
    const next = await scene.next()
    expect(next === 0 || typeof next === 'object').toBe(true)
    return next !== 0
  } finally {
    await scene.close()
  }
}

const wholeWord = fc.array(fc.constantFrom(...lines), { maxLength: 12 }).map(writeWord)

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

  test.each(lines)('takes %p', async (line) => {
    expect(await isTaken(waiter, writeWord([line]))).toBe(true)
  })

  test.each(wrongLines)('does not take %p', async (line) => {
    expect(isLastWord(writeWord(['due 1', line]))).toBe(false)
    expect(await isTaken(waiter, writeWord(['due 1', line]))).toBe(false)
  })

  test.each([
    ['nothing', ''],
    ['no end', 'claviger-wait 1\ndue 1\n'],
    ['half an end', 'claviger-wait 1\ndue 1\n.'],
    ['more than the end', `${lastWord('due 1')}\n`],
    ['twice', `${lastWord('due 1')}${lastWord('due 1')}`],
    ['another version', 'claviger-wait 2\ndue 1\n.\n'],
    ['a zero', 'claviger-wait 1\nwatch 0:0 /a\0b\n.\n'],
    ['too much', lastWord(...Array(911).fill('due 1234567890123'), 'due 1')],
    ['far too much', lastWord(...Array(9000).fill('due 123456789'))],
    ['too many files', lastWord(...Array(513).fill('watch 0:0 /nonexistent'))],
    ['too many sockets', lastWord(...Array(9).fill('listen unix /nonexistent/s'))],
  ])('does not take %s', async (_, text) => {
    expect(isLastWord(Buffer.from(text))).toBe(false)
    expect(await isTaken(waiter, Buffer.from(text))).toBe(false)
  })

  test.each([
    ['as long as may be', lastWord(`watch 0:0 /${'x'.repeat(longest - 31)}`)],
    ['512 files', lastWord(...Array(512).fill('watch 0:0 /nonexistent'))],
    ['nothing but the ends', lastWord()],
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
