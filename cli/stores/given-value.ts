/** The value of a secret as it is given to `claviger set`: through a pipe, in a file or at the keyboard, never as an argument. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError, toAppError } from '../../core/errors.ts'
import type { Terminal } from '../terminal.ts'

export interface ValueSource {
  /** `-` for standard input; undefined: what there is, a pipe or the keyboard. */
  readonly path: string | undefined
  /** Whether line breaks at the end are left out. */
  readonly isTrimmed: boolean
  readonly mayBeEmpty: boolean
}

/** Throws `input_invalid`, `usage`. */
export async function readGivenValue(source: ValueSource, terminal: Terminal): Promise<Uint8Array> {
  const bytes = await readBytes(source, terminal)
  const value = source.isTrimmed ? trimEnd(bytes) : bytes
  if (value.length === 0 && !source.mayBeEmpty) {
    throw new AppError('input_invalid', {
      reason: 'the value is empty',
      hint: '-allow-empty writes it all the same',
    })
  }
  if (isLine(value)) {
    terminal.writeError(
      'claviger: the value ends in a line break, which is part of it; -trim leaves it out\n',
    )
  }
  return value
}

async function readBytes({ path }: ValueSource, terminal: Terminal): Promise<Uint8Array> {
  if (path === undefined && terminal.inputIsTerminal) return askTwice(terminal)
  if (path === undefined || path === '-') {
    const chunks: Uint8Array[] = []
    for await (const chunk of terminal.inputBytes) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  try {
    return readFileSync(resolve(terminal.directory, path))
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

/** What nobody can see is typed twice. */
async function askTwice({ ask }: Terminal): Promise<Uint8Array> {
  const first = await ask({ text: 'Value: ', isHidden: true })
  const second =
    first === undefined ? undefined : await ask({ text: 'Once more: ', isHidden: true })
  if (first === undefined || second === undefined) {
    throw new AppError('usage', { reason: 'no value was given' })
  }
  if (first === second) return Buffer.from(first)
  throw new AppError('input_invalid', { reason: 'the two values differ' })
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && isLineBreak(bytes[end - 1])) end--
  return bytes.subarray(0, end)
}

/** One line with its end, as `echo` prints it: in files of several lines the last break is meant. */
function isLine(bytes: Uint8Array): boolean {
  return bytes.length > 1 && bytes.findIndex(isLineBreak) >= trimEnd(bytes).length
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d
}
