/** Examines what is installed: Service, endpoints, replicas, failure policy, admission policy, break-glass. */
import type { V1MutatingWebhook } from '@kubernetes/client-node'
import {
  formatTime,
  guardOfPolicy,
  guardOfWebhooks,
  readDisarming,
} from '../break-glass/condition.ts'
import type { Installation } from '../cluster/installation.ts'
import { findService } from './backend.ts'
import type { CheckId } from './checks.ts'
import { type Examination, nameObject } from './examination.ts'
import { attempt, failed, judge, passed, type Result } from './result.ts'

export async function examineInstallation(
  examination: Examination,
  installation: Installation,
): Promise<readonly Result[]> {
  return [
    passed('not-installed', installation.webhooks.metadata?.name ?? ''),
    ...(await attempt(['service-missing', 'no-endpoints'], () =>
      examineService(examination, installation),
    )),
    ...examineReplicas(examination),
    ...(await attempt(['failure-policy-open', 'policy-not-bound'], () =>
      examinePolicies(examination, installation),
    )),
    ...examineArming(examination, installation),
  ]
}

async function examineService(
  { cluster, backend }: Examination,
  installation: Installation,
): Promise<readonly Result[]> {
  const service = findService(installation)
  if (service === undefined) return []
  const { namespace, name } = service
  const subject = `Service ${namespace}/${name}`
  if ((await cluster.find('services', { namespace, name })) === undefined) {
    return [failed('service-missing', { subject, detail: '' })]
  }
  const labels = `kubernetes.io/service-name=${name}`
  const slices = await cluster.list('endpointslices', { namespace, labels })
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? [])
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false)
  if (ready.length > 0)
    return [passed('service-missing'), passed('no-endpoints', `${ready.length}`)]
  const detail = `${endpoints.length} endpoints, none of them ready`
  const command = `kubectl --namespace=${namespace} get pods --selector=${backend.podLabels}`
  return [passed('service-missing'), failed('no-endpoints', { subject, detail, command })]
}

function examineReplicas({ backend: { deployment } }: Examination): readonly Result[] {
  if (deployment === undefined) return []
  const wanted = deployment.spec?.replicas ?? 1
  const ready = deployment.status?.readyReplicas ?? 0
  if (ready >= wanted && wanted > 0) return [passed('replicas-unready', `${ready} of ${wanted}`)]
  const { namespace = '', name = '' } = deployment.metadata ?? {}
  const detail = wanted === 0 ? 'it is scaled to none' : `${ready} of ${wanted}`
  const command =
    wanted === 0
      ? `kubectl --namespace=${namespace} scale deployment/${name} --replicas=2`
      : `kubectl --namespace=${namespace} describe deployment/${name}`
  const subject = nameObject('Deployment', deployment)
  return [failed('replicas-unready', { subject, detail, command })]
}

async function examinePolicies(
  { cluster }: Examination,
  { webhooks, policy }: Installation,
): Promise<readonly Result[]> {
  const name = policy?.metadata?.name
  const bindings =
    policy === undefined ? [] : await cluster.list('validatingadmissionpolicybindings', {})
  const denies = bindings.some(
    ({ spec }) => spec?.policyName === name && spec?.validationActions?.includes('Deny'),
  )
  const subject = `ValidatingAdmissionPolicy ${name ?? ''}`
  const open = (webhooks.webhooks ?? []).filter(isOpen).map((entry) =>
    failed('failure-policy-open', {
      subject: `MutatingWebhookConfiguration ${webhooks.metadata?.name ?? ''}`,
      detail: `webhook ${entry.name}`,
    }),
  )
  return [
    ...judge('failure-policy-open', denies ? [] : open),
    ...(policy === undefined
      ? []
      : judge(
          'policy-not-bound',
          denies ? [] : [failed('policy-not-bound', { subject, detail: '' })],
        )),
  ]
}

/** Source: Kubernetes, the default of failurePolicy in v1 is Fail. */
function isOpen({ failurePolicy }: V1MutatingWebhook): boolean {
  return failurePolicy === 'Ignore'
}

function examineArming(
  { now }: Examination,
  { webhooks, policy }: Installation,
): readonly Result[] {
  const guards = [
    guardOfWebhooks(webhooks),
    ...(policy === undefined ? [] : [guardOfPolicy(policy)]),
  ]
  const check: CheckId = 'disarmed'
  const failures = guards.flatMap((guard) => {
    const disarming = readDisarming(guard)
    if (disarming === undefined || disarming.until <= now) return []
    const { until, by, reason } = disarming
    const detail = `until ${formatTime(until)}, by ${by}${reason === '' ? '' : `: ${reason}`}`
    const command = 'claviger break-glass -end'
    return [failed(check, { subject: `${guard.kind} ${guard.name}`, detail, command })]
  })
  return judge(check, failures)
}
