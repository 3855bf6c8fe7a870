/** `claviger break-glass`: injection switched off for a time, after which it is on again by itself. */
import { formatSpan } from '../../agent/time-text.ts'
import { parseDuration } from '../../core/duration.ts'
import { type FlagTable, formatFlags, parseMixedFlags } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { connectionFlags } from '../cluster/flags.ts'
import { installationFlags } from '../cluster/installation.ts'
import { createRun, type Terminal, type Verb } from '../terminal.ts'
import { changeGuards, readCaller, readGuards } from './break-glass.ts'
import { formatArmed, formatDisarmed, formatState } from './text.ts'

const shortestMs = 60_000
const longestMs = 24 * 3_600_000
const longestReason = 200

const flagTable = {
  for: { kind: 'text', argument: 'DURATION', help: 'disarm for so long, 1m to 24h' },
  reason: { kind: 'text', argument: 'TEXT', help: 'why, for those who look; no secrets' },
  end: { kind: 'boolean', help: 'arm again now' },
  ...installationFlags,
  ...connectionFlags,
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger break-glass [flags]
       claviger break-glass -for=DURATION [-reason=TEXT]
       claviger break-glass -end

Switches injection off for a time: the webhook is not called and the admission policy denies nothing, so that pods start although
the webhook is broken. Annotated pods then start WITHOUT their secrets. Both re-arm themselves when the time is over; the API server sees to
it, whatever becomes of this machine or the webhook. A new -for replaces an earlier one. Without -for and -end it says how things are.
Needs the permissions list and patch on mutatingwebhookconfigurations and validatingadmissionpolicies, yours and not the webhook's.

Examples:
  claviger break-glass -for=30m -reason='certificate of the webhook is broken'
  claviger break-glass -end

Flags:
${formatFlags(flagTable)}
`

type Action =
  | { readonly kind: 'show' }
  | { readonly kind: 'end' }
  | { readonly kind: 'disarm'; readonly forMs: number; readonly reason: string }

interface Command {
  readonly flags: {
    readonly help?: boolean
    readonly kubeconfig?: string
    readonly context?: string
    readonly release?: string
    readonly webhook?: string
  }
  readonly action: Action
}

function parse(words: readonly string[]): Parsed<Command> {
  const parsed = parseMixedFlags(flagTable, words, {})
  if (parsed.kind === 'issues') return parsed
  const { flags, rest } = parsed.value
  const issues: Issue[] = []
  if (rest.length > 0) issues.push({ code: 'usage', path: 'break-glass', expected: 'flags only' })
  const forMs = flags.for === undefined ? undefined : readTime(flags.for, issues)
  if (flags.end === true && flags.for !== undefined) {
    issues.push({ code: 'flag', path: '-end', expected: 'no -for beside it' })
  }
  const reason = (flags.reason ?? '').replace(/\s+/g, ' ').trim()
  if (flags.reason !== undefined && (flags.for === undefined || reason.length > longestReason)) {
    const expected = `at most ${longestReason} characters, and -for beside it`
    issues.push({ code: 'flag', path: '-reason', expected })
  }
  if (issues.length > 0) return { kind: 'issues', issues }
  const action: Action =
    forMs === undefined
      ? { kind: flags.end === true ? 'end' : 'show' }
      : { kind: 'disarm', forMs, reason }
  return { kind: 'ok', value: { flags, action } }
}

function readTime(text: string, issues: Issue[]): number | undefined {
  const expected = 'a duration from 1m to 24h, such as "30m"'
  const parsed = parseDuration(text, '-for')
  const ms = parsed.kind === 'ok' ? parsed.value : Number.NaN
  if (ms >= shortestMs && ms <= longestMs) return ms
  const got = parsed.kind === 'ok' ? { got: formatSpan(ms) } : {}
  issues.push({ code: 'flag', path: '-for', expected, ...got })
  return undefined
}

const runBreakGlass = async ({ flags, action }: Command, terminal: Terminal): Promise<number> => {
  const { openCluster } = await import('../cluster/connect.ts')
  const { kubeconfig, context } = flags
  const choice = { kubeconfig, context, namespace: undefined, allNamespaces: true }
  const cluster = openCluster(choice, terminal)
  const { user, now } = await readCaller(cluster, terminal.clock.now())
  if (action.kind === 'show') {
    terminal.write(formatState(await readGuards(cluster, flags), now))
  } else if (action.kind === 'end') {
    terminal.write(formatArmed(await changeGuards(cluster, flags, undefined), now))
  } else {
    const until = Math.ceil((now + action.forMs) / 1000) * 1000
    const disarming = { until, by: user, reason: action.reason }
    const guards = await changeGuards(cluster, flags, disarming)
    terminal.write(formatDisarmed(guards, disarming, now))
  }
  return 0
}

export const breakGlassVerb: Verb = {
  run: createRun({ help, parse, run: runBreakGlass }),
  flags: flagTable,
}
