import { describe, expect, test } from '@jest/globals'
import { renderHelp } from '../../../../webhook/config/flag-docs.ts'
import { flagRows } from '../../../../webhook/config/flags.ts'
import { annotations } from '../../../../webhook/inject/annotations/annotations.ts'

describe('the table', () => {
  test('is what --help lists', () => {
    const help = renderHelp('', flagRows)
    for (const { name, env, isVariable } of flagRows) {
      if (!isVariable) expect(help).toContain(`  -${name}=…\n`)
      expect(help).toMatch(new RegExp(`^ +${env}$`, 'm'))
    }
  })

  test('has every flag and variable once', () => {
    const names = flagRows.map(({ name }) => name)
    const variables = flagRows.flatMap((row) => row.variables)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(variables).size).toBe(variables.length)
  })

  test('has the 37 flags and 39 variables of vault-k8s, and the two that have no prefix', () => {
    const stock = flagRows.filter(({ isStock }) => isStock)
    const prefixed = stock.filter(({ env }) => env.startsWith('AGENT_INJECT_'))
    expect(prefixed.filter(({ isVariable }) => !isVariable)).toHaveLength(37)
    expect(prefixed).toHaveLength(39)
    const bare = flagRows.filter(({ env }) => !env.startsWith('AGENT_INJECT_'))
    expect(bare.map(({ env }) => env)).toEqual(['NAMESPACE', 'POD_NAME'])
  })

  test('gives defaults only to annotations that exist', () => {
    const keys = Object.values(annotations).map(({ key }) => key)
    for (const { annotation } of flagRows) {
      if (annotation !== undefined) expect(keys).toContain(annotation)
    }
  })

  test('says of every default that it can be read', () => {
    for (const row of flagRows) {
      if (row.default !== undefined) expect(row.kind.parse(row.default)).toBeDefined()
      const standard = row.stock.default
      if (standard !== undefined) {
        expect((row.stock.kind ?? row.kind).parse(standard)).toBeDefined()
      }
    }
  })
})
