/** The contract's record as a page: tests as rows, peers as columns. */
import { formatMarkdownTable } from '../bench/report/tables.ts'
import type { ContractRecord, Outcome, PeerRecord } from './record.ts'

/** What stands between the markers `<!-- matrix -->` and `<!-- /matrix -->`. */
export function renderMatrix({ peers }: ContractRecord): string {
  const names = [...new Set(peers.flatMap(({ outcomes }) => Object.keys(outcomes)))]
  const heading = ['', ...peers.map(({ title }) => title)]
  const rows = names.map((name) => [
    name,
    ...peers.map(({ outcomes }) => formatOutcome(outcomes[name])),
  ])
  const sums = [
    '**passed of those that can be**',
    ...peers.map((peer) => `**${count(peer, isPassed)} of ${count(peer, isRun)}**`),
  ]
  const days = ['run on', ...peers.map(({ taken }) => taken)]
  const flaws = peers.flatMap(listFlaws)
  return [formatMarkdownTable([heading, ...rows, sums, days]), ...flaws].join('\n\n')
}

function formatOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not run'
  if (isPassed(outcome)) return '✓'
  if (isRun(outcome)) return `**${outcome}**`
  return `– ${outcome.replace(/^server: .*/, 'server')}`
}

function listFlaws({ title, outcomes }: PeerRecord): readonly string[] {
  return Object.entries(outcomes)
    .filter(([, outcome]) => outcome.startsWith('server: '))
    .map(([name, outcome]) => `- ${title}, *${name}*: ${outcome.slice('server: '.length)}.`)
}

function count({ outcomes }: PeerRecord, fits: (outcome: Outcome) => boolean): number {
  return Object.values(outcomes).filter(fits).length
}

function isPassed(outcome: Outcome): boolean {
  return outcome === 'passed'
}

function isRun(outcome: Outcome): boolean {
  return isPassed(outcome) || outcome === 'failed'
}
