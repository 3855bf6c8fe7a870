/** One line a decision: who asked for which pod, and what came of it. Never a part of the pod or the patch. */
import type { LogFields, Logger } from '../../core/log.ts'
import type { Outcome, OutcomeSummary } from '../inject/mutate.ts'
import type { PolicyFinding } from '../policy/judge.ts'
import type { AdmissionEvent } from '../review/admission.ts'
import type { Review } from '../review/review.ts'

/** docs/webhook.md explains each field. */
export function reportAdmission(logger: Logger, event: AdmissionEvent, durationMs: number): void {
  const duration = { duration_ms: Math.round(durationMs * 1000) / 1000 }
  if (event.kind === 'refused') {
    const { status, reason } = event
    logger.warn('request refused', { status, reason, ...duration })
    return
  }
  const { message, fields } = describeDecision(event.review, event.outcome)
  logger.info(message, { ...describeReview(event.review), ...fields, ...duration })
}

interface Decision {
  readonly message: string
  readonly fields: LogFields
}

function describeDecision({ misfit }: Review, outcome: Outcome | undefined): Decision {
  if (misfit !== undefined) return { message: 'pod denied', fields: { reason: 'pod_invalid' } }
  switch (outcome?.kind) {
    case 'injected': {
      const { type, patch, warnings, summary, policy } = outcome
      const counts = { operations: patch.length, warnings: warnings.length }
      const found = listFindings(policy)
      return {
        message: 'pod injected',
        fields: { ...describeSummary(summary), type, ...counts, ...found },
      }
    }
    case 'denied': {
      const { reason, issues, warnings, summary, policy } = outcome
      const codes = [...new Set(issues.map(({ code }) => code))].join(',')
      const counts = { problems: issues.length, codes, warnings: warnings.length }
      const found = listFindings(policy)
      return {
        message: 'pod denied',
        fields: { ...describeSummary(summary), reason, ...counts, ...found },
      }
    }
    default:
      return {
        message: 'pod left alone',
        fields: { reason: outcome?.reason ?? 'no_pod_creation' },
      }
  }
}

function describeSummary({ role, stores, profile, flavour }: OutcomeSummary): LogFields {
  return {
    role: role === undefined ? undefined : cut(role),
    stores: stores.length === 0 ? undefined : cut(stores.join(',')),
    profile,
    flavour,
  }
}

/** `mode:rule/subject`, each once: names that the operator chose. */
function listFindings(findings: readonly PolicyFinding[] = []): LogFields {
  const texts = findings.map(({ mode, rule, subject }) => `${mode}:${rule}/${subject}`)
  return { policy: texts.length === 0 ? undefined : [...new Set(texts)].join(',') }
}

/** Names are not validated before admission, hence the bound. */
function describeReview({ uid, namespace, name, user, ownerKind, dryRun }: Review): LogFields {
  return {
    uid: cut(uid),
    user: cut(user.name),
    user_groups: user.groups,
    namespace: cut(namespace),
    pod: cut(name),
    owner: ownerKind === '' ? undefined : cut(ownerKind),
    dry_run: dryRun ? true : undefined,
  }
}

function cut(name: string): string {
  return name.slice(0, 253)
}
