/** The conditions of the chart against the decision of the webhook; test/e2e/chart holds them to a real API server. */
import { describe, expect, test } from '@jest/globals'
import { prefixes } from '../../../../webhook/inject/annotations/annotation.ts'
import { buildAskCondition } from '../../../../webhook/inject/conditions.ts'
import { renderConditionsTemplate } from '../../../../webhook/inject/conditions-template.ts'
import { expectGenerated } from '../../../support/generated.ts'

test('charts/claviger/templates/_conditions.tpl is made of them; UPDATE_GOLDEN=1 writes it', () => {
  expectGenerated('charts/claviger/templates/_conditions.tpl', renderConditionsTemplate())
})

describe('the condition', () => {
  test('asks under every prefix, and only under those', () => {
    for (const used of [prefixes, prefixes.slice(0, 1)]) {
      const keys = new Set(buildAskCondition(used).match(/[\w.]+\/agent-inject(?=')/g))
      expect([...keys]).toEqual(used.map((prefix) => `${prefix}agent-inject`))
    }
  })

  test('looks whether there are annotations before it looks into them', () => {
    expect(buildAskCondition(prefixes)).toMatch(/^has\(object\.metadata\.annotations\) && /)
  })
})
