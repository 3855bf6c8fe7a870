import { expect, test } from '@jest/globals'
import { commandEnvironment } from '../../../../agent/commands/command-environment.ts'
import { value } from '../../../support/agent-settings.ts'

test('whatever may be a credential is not given on', () => {
  const given = {
    HOME: '/home',
    VAULT_TOKEN: 'canary',
    BAO_TOKEN: 'canary',
    VAULT_CONFIG: 'canary',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=canary',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=canary',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  }
  const environment = commandEnvironment(value({}).vault, given)
  expect(environment).toMatchObject({
    HOME: '/home',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  })
  expect(JSON.stringify(environment)).not.toContain('canary')
})
