import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { flagValues } from '../../../../cli/convert/flag-values.ts'
import { stockValues as rows } from '../../../../cli/convert/stock-values.ts'
import { buildValues } from '../../../../cli/convert/write.ts'
import { chartSchema, convertValues, listSchemaProblems } from '../../../support/conversion.ts'

describe('the tables', () => {
  const known = (path: string) => {
    const found = path
      .split('.')
      .reduce((place, key) => Object(place).properties?.[key], chartSchema)
    return found !== undefined
  }

  test('lead to values that the chart has', () => {
    const paths = [
      ...flagValues.map(({ path }) => path),
      ...rows.flatMap((row) => ('to' in row ? [row.to] : [])),
    ]
    expect(paths.filter((path) => !known(path))).toEqual([])
  })

  test('place every flag where the chart reads it', () => {
    const template = readFileSync('charts/claviger/templates/_arguments.tpl', 'utf8')
    const pattern =
      /(?:^- -|"claviger\.argument" \(list ")([a-z-]+)(?:=:?\{\{|") \(?(?:join "," |lower )?\$(injector\.[\w.]+)/gm
    const placed = [...template.matchAll(pattern)].map(([, name = '', path = '']) => [name, path])
    const table = flagValues.map(({ flag, path }) => [flag.name, path])
    expect(placed.length).toBeGreaterThan(15)
    expect(table).toEqual(expect.arrayContaining(placed))
  })

  test('a value without counterpart is none of the chart by the same name', () => {
    const lost = rows.flatMap((row) => ('reason' in row ? [row.path] : []))
    const same = lost.filter((path) => path.startsWith('injector.') && known(path))
    // Ours mean our own images; the deprecated policy has no effect in vault-helm, and a leader has none here.
    expect(same).toEqual([
      'injector.leaderElector',
      'injector.image.repository',
      'injector.image.tag',
      'injector.failurePolicy',
    ])
  })

  test('a value takes what the schema of the chart takes', () => {
    for (const value of ['Fail', 'Ignore', 'Exact', 'x']) {
      const conversion = convertValues({
        injector: { webhook: { failurePolicy: value, matchPolicy: value } },
      })
      expect(listSchemaProblems(buildValues(conversion).values)).toEqual([])
    }
  })
})
