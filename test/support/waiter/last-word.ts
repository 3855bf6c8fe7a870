/** A last word as the agent may write it: the waiter is less strict. Source: docs/waiter.md. */
import type { LastWord } from './model.ts'

const pattern = /^claviger-wait 1\n((?:(?:due|end|watch|listen) [^\n]+\n)*)\.\n$/
const shapes: readonly RegExp[] = [
  /^due (?:\d+|never)$/,
  /^end \d+$/,
  /^watch \d+:\d+ ./,
  /^listen (?:tcp [\d.:a-f]+ \d+|unix .+)$/,
]

/** Undefined for anything else than a last word, whole. */
export function parseLastWord(text: string): LastWord | undefined {
  const [, body] = pattern.exec(text) ?? []
  if (body === undefined || Buffer.byteLength(text) > 16_384) return undefined
  const lines = body.split('\n').slice(0, -1)
  if (!lines.every((line) => shapes.some((shape) => shape.test(line)))) return undefined
  const of = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  const [[due, ...others], [end, ...ends]] = [of('due'), of('end')]
  const [watched, sockets] = [of('watch'), of('listen')]
  if (due === undefined || others.length + ends.length > 0) return undefined
  if (watched.length > 512 || sockets.length > 8) return undefined
  return {
    ...(due === 'never' ? {} : { due: Number(due) }),
    ...(end === undefined ? {} : { endMs: Number(end) }),
    watched,
    sockets,
  }
}
