import { expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import {
  agentConfig,
  kvTemplate,
  scriptedPorts,
  start,
  stepOf,
} from '../../../support/agent-fixtures.ts'
import { scriptedStore } from '../../../support/scripted-store.ts'

const hourMs = 3_600_000
const rules = { max_stale: '10m', max_stale_action: 'remove' }
const ofStore = { destination: '/db', contents: '{{ (secret "aws:db").Data.user }}', ...rules }
const ofVault = { destination: '/app', contents: kvTemplate(), ...rules }

test.each([
  ['watched', ofStore, { isWatched: true }, {}],
  ['read once an hour', ofStore, { refreshMs: hourMs }, {}],
  ['of Vault', ofVault, {}, { static_secret_render_interval: '1h' }],
])(
  'a store that answers is asked before what is made of it becomes too old: %s',
  async (...row) => {
    const [, file, script, templating] = row
    const aws = scriptedStore(script)
    const config = agentConfig({
      claviger: { stores: { aws: {} } },
      template: [file],
      template_config: templating,
    })
    const ports = scriptedPorts({ stores: new Map([['aws', aws]]) })
    const step = stepOf(config, ports)
    let result = await step(config, emptyState, start)
    for (let now = start; now < start + hourMs; ) {
      now = result.nextWake
      result = await step(config, result.state, now)
      expect(result).toMatchObject({ removals: [], complete: true })
    }
    expect(aws.calls.length + ports.calls.length).toBeLessThanOrEqual(20)
  },
)
