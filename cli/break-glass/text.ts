/** What `claviger break-glass` prints. */
import { formatSpan } from '../../agent/time-text.ts'
import { type Disarming, formatTime, type Guard, readDisarming } from './condition.ts'

const effects: Readonly<Record<Guard['resource'], string>> = {
  mutatingwebhookconfigurations: 'injects no pods',
  validatingadmissionpolicies: 'denies no pods',
}

/** How each guard is now. */
export function formatState(guards: readonly Guard[], now: number): string {
  const lines = guards.map((guard) => {
    const disarming = readDisarming(guard)
    const state =
      disarming === undefined || disarming.until <= now
        ? 'armed'
        : `${effects[guard.resource]} until ${describe(disarming, now)}`
    return `${nameGuard(guard)}: ${state}`
  })
  return join([...lines, ...noteNoPolicy(guards)])
}

export function formatDisarmed(
  guards: readonly Guard[],
  disarming: Disarming,
  now: number,
): string {
  return join([
    `disarmed until ${describe(disarming, now)}`,
    ...guards.map((guard) => `  ${nameGuard(guard)}: ${effects[guard.resource]}`),
    '',
    'Annotated pods that are created until then start WITHOUT their secrets. `claviger doctor -all-namespaces` lists them; restart',
    'them when it is over. It ends by itself; to end it now: claviger break-glass -end',
  ])
}

/** `guards` are as they were before. */
export function formatArmed(guards: readonly Guard[], now: number): string {
  const wasDisarmed = guards.some((guard) => (readDisarming(guard)?.until ?? 0) > now)
  return join([
    ...guards.map((guard) => `${nameGuard(guard)}: armed`),
    ...(wasDisarmed
      ? [
          'Pods that started meanwhile have no secrets; `claviger doctor -all-namespaces` lists them.',
        ]
      : ['It was not disarmed.']),
  ])
}

function describe({ until, by, reason }: Disarming, now: number): string {
  const why = reason === '' ? '' : `: ${reason}`
  const who = by === '' ? '' : `, by ${by}`
  return `${formatTime(until)} (for ${formatSpan(until - now)})${who}${why}`
}

function nameGuard({ kind, name }: Guard): string {
  return `${kind} ${name}`
}

function noteNoPolicy(guards: readonly Guard[]): readonly string[] {
  const has = guards.some(({ resource }) => resource === 'validatingadmissionpolicies')
  return has ? [] : ['There is no ValidatingAdmissionPolicy of Claviger.']
}

function join(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
