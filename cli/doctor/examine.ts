/** All examinations, in the order in which one would look for a fault. */
import type { V1Pod } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { Cluster } from '../cluster/cluster.ts'
import {
  findInstallation,
  type Installation,
  type InstallationChoice,
} from '../cluster/installation.ts'
import { listPods, type Scope } from '../cluster/target.ts'
import { examineAdmission } from './admission.ts'
import { examineAgents } from './agents.ts'
import { findBackend } from './backend.ts'
import { examineCertificates } from './certificates.ts'
import type { Examination, Subject } from './examination.ts'
import { examineInstallation } from './installation.ts'
import { readInstalled, usualDefaults } from './installed-defaults.ts'
import { examinePods } from './pods.ts'
import { attempt, failed, type Result, skipped } from './result.ts'
import { examineStore } from './store.ts'
import type { StoreOptions } from './store-client.ts'
import { findSubject } from './subject.ts'

export interface Question extends Omit<StoreOptions, 'states'> {
  readonly cluster: Cluster
  readonly scope: Scope
  readonly installation: InstallationChoice
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Changes nothing in the cluster. Throws `kubernetes_unreachable`, and `input_invalid` where the named object does not exist. */
export async function examine(question: Question): Promise<readonly Result[]> {
  const { cluster, scope } = question
  const subject = await findSubject(cluster, scope)
  const { installation, results: found } = await look(question)
  const backend = await findBackend(cluster, installation)
  const installed = readInstalled(backend.deployment)
  const examination: Examination = {
    ...{ cluster, scope, installation, backend, now: question.now },
    defaults: installed?.defaults ?? usualDefaults(),
    knowsDefaults: installed !== undefined,
  }
  const first =
    installation === undefined ? [] : await examineWebhook(examination, installation, subject)
  return [...found, ...first, ...(await examineWorkloads(examination, subject, question))]
}

interface Look {
  readonly installation: Installation | undefined
  readonly results: readonly Result[]
}

async function look({ cluster, installation: choice }: Question): Promise<Look> {
  try {
    return { installation: await findInstallation(cluster, choice), results: [] }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    if (thrown.code === 'not_installed') {
      const results = [failed('not-installed', { subject: cluster.context, detail: '' })]
      return { installation: undefined, results }
    }
    if (thrown.facts['status'] !== 403) throw thrown
    return { installation: undefined, results: [skipped('not-installed', thrown.message)] }
  }
}

async function examineWebhook(
  examination: Examination,
  installation: Installation,
  subject: Subject | undefined,
): Promise<readonly Result[]> {
  return [
    ...(await examineInstallation(examination, installation)),
    ...(await examineCertificates(examination, installation)),
    ...(await attempt(['injection-fails'], () =>
      examineAdmission(examination, installation, subject),
    )),
  ]
}

async function examineWorkloads(
  examination: Examination,
  subject: Subject | undefined,
  question: Question,
): Promise<readonly Result[]> {
  let pods: readonly V1Pod[] = []
  let agents: Awaited<ReturnType<typeof examineAgents>> = { results: [], states: [] }
  const results = await attempt(['not-injected', 'agent-stuck'], async () => {
    pods = await listPods(examination.cluster, examination.scope)
    agents = await examineAgents(examination, pods)
    return [...(await examinePods(examination, pods)), ...agents.results]
  })
  const { states } = agents
  return [...results, ...(await examineStore(examination, subject, { ...question, states }))]
}
