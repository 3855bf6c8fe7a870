import { expect, test } from '@jest/globals'
import { createLogger, type LogLevel, logLevels } from '../../../../core/log.ts'
import { createPinoLogger } from '../../../../webhook/telemetry/pino-logger.ts'

function both(level: LogLevel) {
  const [pinoLines, ownLines]: [string[], string[]] = [[], []]
  const now = () => 1_500_000_000_123
  return {
    pino: createPinoLogger({ level, write: (line) => pinoLines.push(line), now }),
    own: createLogger({ level, format: 'json', write: (line) => ownLines.push(line), now }),
    pinoLines,
    ownLines,
  }
}

test.each(logLevels)('at level %s it says what the small writer says', (level) => {
  const { pino, own, pinoLines, ownLines } = both(level)
  for (const logger of [pino, own]) {
    for (const line of logLevels) {
      logger[line]('a message', { text: 'a\n\u202e"b"', number: 1.5, yes: true, none: undefined })
      logger[line]('without fields')
    }
  }
  expect(pinoLines.length).toBeGreaterThan(0)
  expect(pinoLines.map((line) => JSON.parse(line))).toEqual(
    ownLines.map((line) => JSON.parse(line)),
  )
  expect(pinoLines.every((line) => /^[^\n]*\n$/.test(line))).toBe(true)
})
