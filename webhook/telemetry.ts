/** What an answered request leaves behind: the only place that logs (and will count) admissions. */
import type { LogFields, Logger } from '../core/log.ts'
import type { AdmissionEvent } from './admission.ts'
import type { Outcome } from './inject/mutate.ts'
import type { PolicyFinding } from './policy/judge.ts'
import type { Review } from './review.ts'

/** One line an event, without any part of the object or the patch. */
export function reportAdmission(logger: Logger, event: AdmissionEvent, durationMs: number): void {
  const duration = Math.round(durationMs * 1000) / 1000
  if (event.kind === 'refused') {
    const { status, reason } = event
    logger.warn('request refused', { status, reason, duration_ms: duration })
    return
  }
  const fields = { ...describeReview(event.review), duration_ms: duration }
  reportOutcome(logger, event.outcome, fields)
}

function reportOutcome(logger: Logger, outcome: Outcome | undefined, fields: LogFields): void {
  switch (outcome?.kind) {
    case 'injected': {
      const { type, patch, warnings, policy } = outcome
      const counts = { operations: patch.length, warnings: warnings.length }
      logger.info('pod injected', { ...fields, type, ...counts, ...listFindings(policy) })
      return
    }
    case 'denied': {
      const { reason, issues, policy } = outcome
      const codes = [...new Set(issues.map(({ code }) => code))].join(',')
      const problems = { problems: issues.length, codes, ...listFindings(policy) }
      logger.warn('pod denied', { ...fields, reason, ...problems })
      return
    }
    default:
      logger.debug('pod left alone', { ...fields, reason: outcome?.reason ?? 'no_pod_creation' })
  }
}

/** `mode:rule/subject`, each once: names that the operator chose. */
function listFindings(findings: readonly PolicyFinding[] = []): LogFields {
  const texts = findings.map(({ mode, rule, subject }) => `${mode}:${rule}/${subject}`)
  return { policy: texts.length === 0 ? undefined : [...new Set(texts)].join(',') }
}

/** Names are not validated before admission, hence the bound. */
function describeReview({ uid, namespace, name }: Review): LogFields {
  return { uid: cut(uid), namespace: cut(namespace), pod: cut(name) }
}

function cut(name: string): string {
  return name.slice(0, 253)
}
