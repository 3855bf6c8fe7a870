/** OpenTelemetry's variables may hold anything: they are of other programs too. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readTraces } from '../../../core/tracing/trace-settings.ts'

const otlp = ['ENDPOINT', 'TRACES_ENDPOINT', 'HEADERS', 'TIMEOUT', 'PROTOCOL']
const names = [
  ...otlp.map((name) => `OTEL_EXPORTER_OTLP_${name}`),
  ...['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'],
]
const piece = fc.constantFrom('http://', 'https://', 'a=', '=', ',', '%', '%20', ':', '/', '0.5')
const text = fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''))

test('whatever they hold, there is a place to send to or none', () => {
  const own = { service: 's', resource: new Map(), endpoint: 'http://own' }
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), text), (environment) => {
      const { settings, warnings } = readTraces(own, environment)
      if (settings === undefined) expect(warnings.length).toBeGreaterThan(0)
      else expect(new URL(settings.url).protocol).toMatch(/^https?:$/)
    }),
  )
})
