/** docs/store-contract.md is what its record says, and the record has every test of every peer; UPDATE_GOLDEN=1 draws the table anew. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { renderMatrix } from '../../contract/matrix.ts'
import { findPeers, needsCluster } from '../../contract/peers.ts'
import { type ContractRecord, mergeRecords, readRecords } from '../../contract/record.ts'
import { expectGeneratedPart } from '../../support/generated.ts'
import { filePeer } from '../../support/stores/file-peer.ts'
import { leftOutTitle } from '../../support/stores/left-out.ts'
import { listContractTests } from '../../support/stores/store-contract.ts'

const record: ContractRecord = JSON.parse(readFileSync('docs/store-contract.json', 'utf8'))
const registered = listContractTests(filePeer)

describe('the page', () => {
  test('its table', () => {
    expectGeneratedPart('docs/store-contract.md', 'matrix', renderMatrix(record))
  })

  test('has every peer', () => {
    const titles = record.peers.map(({ title }) => title)
    const peers = findPeers()
    const needed = peers.filter((peer) => !needsCluster(peer) || titles.includes(peer.title))
    expect(titles).toEqual(needed.map(({ title }) => title))
    expect(titles.length).toBeGreaterThanOrEqual(11)
  })

  test.each(record.peers)('$title has every test, and none that failed', ({ outcomes }) => {
    expect(Object.keys(outcomes)).toEqual(registered)
    expect(Object.values(outcomes)).not.toContain('failed')
  })
})

describe('the record', () => {
  const result = (peer: string, title: string, status: string) => ({
    ancestorTitles: [peer],
    title,
    status,
  })
  const results = {
    testResults: [
      {
        assertionResults: [
          result('store contract: db', 'reads text', 'passed'),
          result('store contract: db', leftOutTitle('restores', 'restore'), 'pending'),
          result('store contract: db', leftOutTitle('lists', 'server: it says 500'), 'pending'),
          result('store contract: db', 'of another pattern', 'pending'),
          result('beyond the contract', 'is no peer', 'passed'),
        ],
      },
      { assertionResults: [result('store contract: aws', 'reads text', 'failed')] },
    ],
  }
  const peers = readRecords(results, '2026-01-02')

  test('has what was run and what is left out', () => {
    expect(peers).toEqual([
      {
        title: 'db',
        taken: '2026-01-02',
        outcomes: { 'reads text': 'passed', restores: 'restore', lists: 'server: it says 500' },
      },
      { title: 'aws', taken: '2026-01-02', outcomes: { 'reads text': 'failed' } },
    ])
  })

  test('keeps peers that were not run and drops those that are no more', () => {
    const old = (title: string) => ({ title, taken: '2025-01-01', outcomes: {} })
    const kept = { version: 1, peers: [old('gone'), old('db'), old('k8s')] } as const
    const merged = mergeRecords(kept, peers, ['aws', 'db', 'k8s', 'new'])
    expect(merged.peers.map(({ title, taken }) => [title, taken])).toEqual([
      ['aws', '2026-01-02'],
      ['db', '2026-01-02'],
      ['k8s', '2025-01-01'],
    ])
  })

  test('becomes a table', () => {
    const [heading, , reads, , lists, sums] = renderMatrix({ version: 1, peers }).split('\n')
    expect(heading).toBe('|  | db | aws |')
    expect(reads).toBe('| reads text | ✓ | **failed** |')
    expect(lists).toBe('| lists | – server | not run |')
    expect(sums).toBe('| **passed of those that can be** | **1 of 1** | **0 of 1** |')
    expect(renderMatrix({ version: 1, peers })).toContain('- db, *lists*: it says 500.')
  })
})
