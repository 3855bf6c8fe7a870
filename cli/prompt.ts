/** Questions to the person at the keyboard. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { AppError } from '../core/errors.ts'
import type { Question, Terminal } from './terminal.ts'

export interface Keyboard {
  readonly input: NodeJS.ReadableStream
  /** Where questions and answers are shown. */
  readonly output: NodeJS.WritableStream
  /** Ends a question too. */
  readonly stop: AbortSignal
}

/** `input_invalid` where several lines arrive at once, of which only the first would be taken. */
export function createAsk({ input, output, stop }: Keyboard): Terminal['ask'] {
  return ({ text, isHidden }: Question) =>
    new Promise((resolve, reject) => {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const shown = isHidden ? silent : output
      // As a terminal the interface takes the echo upon itself.
      const lines = createInterface({ input, output: shown, prompt: text, terminal: true })
      const given: string[] = []
      let rest = ''
      lines.on('line', (line) => {
        // What was pasted is in the same chunk of input.
        if (given.push(line) === 1) {
          setImmediate(() => {
            rest = lines.line
            lines.close()
          })
        }
      })
      const end = () => lines.close()
      lines.on('SIGINT', end)
      stop.addEventListener('abort', end)
      lines.on('close', () => {
        stop.removeEventListener('abort', end)
        if (isHidden || given.length === 0) output.write('\n')
        if (given.length < 2 && rest === '') resolve(given[0])
        else reject(new AppError('input_invalid', severalLines))
      })
      // Not before the interface has taken the echo away.
      if (isHidden) output.write(text)
      else lines.prompt()
    })
}

const severalLines = {
  reason: 'several lines came at once where one is asked for',
  hint: 'give them through a pipe or a file',
}
