import { describe, expect, test } from '@jest/globals'
import {
  formatEntry,
  formatLines,
  formatMarkdown,
  formatTable,
} from '../../../cli/annotations/format.ts'
import { reference } from '../../../cli/annotations/reference.ts'
import { searchAnnotations } from '../../../cli/annotations/search.ts'
import { findFlag } from '../../../webhook/config/flags.ts'
import { prefixes } from '../../../webhook/inject/annotations/annotation.ts'
import { renderAnnotationDocs } from '../../../webhook/inject/annotations/annotation-docs.ts'
import { annotations } from '../../../webhook/inject/annotations/annotations.ts'

function keysFor(query: string): readonly string[] {
  const result = searchAnnotations(query)
  return result.kind === 'entry' ? [result.entry.key] : result.entries.map(({ key }) => key)
}

describe('the search', () => {
  test('without words lists the whole table, in its order', () => {
    const keys = Object.values(annotations).map(({ form, key }) =>
      form === 'family' ? `${key}<name>` : key,
    )
    expect(keysFor('  ').slice(0, keys.length)).toEqual(keys)
  })

  test.each([
    ['role', 'role'],
    ['vault.hashicorp.com/role', 'role'],
    ['openbao.org/agent-limits-cpu', 'agent-limits-cpu'],
    ['agent-inject-secret-', 'agent-inject-secret-<name>'],
    ['agent-inject-secret-<name>', 'agent-inject-secret-<name>'],
    ['agent-inject-secret-db', 'agent-inject-secret-<name>'],
    ['agent-inject-template-file-db', 'agent-inject-template-file-<name>'],
    ['agent-inject-template-db', 'agent-inject-template-<name>'],
  ])('%s is the one annotation %s', (query, key) => {
    expect(searchAnnotations(query)).toMatchObject({ kind: 'entry', entry: { key } })
  })

  test('finds every key by itself', () => {
    for (const { key } of reference)
      expect([key, searchAnnotations(key).kind]).toEqual([key, 'entry'])
  })

  test('puts keys before what is said of them', () => {
    const keys = keysFor('limits')
    expect(keys.slice(0, 3).toSorted()).toEqual([
      'agent-limits-cpu',
      'agent-limits-ephemeral',
      'agent-limits-mem',
    ])
    const memory = keysFor('memory')
    expect(memory).toContain('agent-limits-mem')
    expect(keysFor('token')[0]).toMatch(/token/)
  })

  test('wants every word', () => {
    const both = keysFor('limit memory')
    expect(both).toContain('agent-limits-mem')
    expect(both).not.toContain('agent-limits-cpu')
  })

  test.each([['agent-limit-cpuu'], ['limts cpu'], ['agent-limts-cpu']])('forgives %s', (query) => {
    expect(keysFor(query)[0]).toBe('agent-limits-cpu')
  })

  test('finds nothing for what is nothing', () => {
    expect(keysFor('xyzzyplugh')).toEqual([])
  })
})

describe('the reference', () => {
  test('names the flag and the variable that give a default', () => {
    const entry = reference.find(({ key }) => key === 'auth-min-backoff')
    expect(entry?.setBy).toEqual({
      flag: '-auth-min-backoff',
      variable: 'AGENT_INJECT_AUTH_MIN_BACKOFF',
    })
    const service = reference.find(({ key }) => key === 'service')
    expect(service?.setBy).toEqual({ flag: '-vault-address', variable: 'AGENT_INJECT_VAULT_ADDR' })
  })

  test('names a flag wherever the text of the default names one', () => {
    for (const { key, setBy, ...row } of reference) {
      const named = /flag `-([a-z-]+)`/.exec(row.default)?.[1]
      if (named !== undefined) expect([key, setBy?.variable]).toEqual([key, findFlag(named)?.env])
    }
  })
})

describe('the forms', () => {
  test('an entry has everything', () => {
    const entry = reference.find(({ key }) => key === 'agent-limits-mem')
    if (entry === undefined) throw new Error('no entry')
    const text = formatEntry(entry, 80)
    for (const part of [
      entry.key,
      entry.since,
      '128Mi',
      '-memory-limit or AGENT_INJECT_MEM_LIMIT',
      ...prefixes,
    ]) {
      expect(text).toContain(part)
    }
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(text).not.toContain('`')
  })

  test('a table stays in its width and shows every key', () => {
    const table = formatTable(reference, 120)
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    for (const { key } of reference) expect(table).toContain(key)
  })

  test('lines have three columns', () => {
    for (const line of formatLines(reference).trimEnd().split('\n')) {
      expect(line.split('\t')).toHaveLength(3)
    }
  })

  test('Markdown has the rows of the reference page', () => {
    const page = renderAnnotationDocs().split('\n')
    const rows = formatMarkdown(reference).trimEnd().split('\n')
    expect(rows.slice(2).filter((line) => !page.includes(line))).toEqual([])
  })
})
