/** What is wrong with a pod, and at which of vault-k8s's stages it shows. */
import { formatIssue, type Issue } from '../../core/issue.ts'

/** Stage → the words that begin vault-k8s's denial there, in the order of its pipeline. Source: vault-k8s, agent-inject/handler.go. */
const stageWords = {
  decode: '',
  request: 'error checking if should inject agent: ',
  namespace: 'error with request namespace: ',
  defaults: 'error adding default annotations: ',
  parse: 'error creating new agent sidecar: ',
  validate: 'error validating agent configuration: ',
  patch: 'error creating patch for agent: ',
} as const

export type Stage = keyof typeof stageWords

const order = Object.keys(stageWords)

/** One without a stage is none that vault-k8s would mind. */
export interface Problem extends Issue {
  readonly stage?: Stage
}

/** One message for the author of the pod that lists every problem, behind the words of the first stage that any of them names. */
export function formatDenial(problems: readonly Problem[]): string {
  const words = findStageWords(problems)
  const [only] = problems
  if (only !== undefined && problems.length === 1) return `${words}claviger: ${formatIssue(only)}`
  const lines = problems.map((problem) => `\n- ${formatIssue(problem)}`)
  return `${words}claviger: ${problems.length} problems${lines.join('')}`
}

function findStageWords(problems: readonly Problem[]): string {
  const stages = problems.flatMap(({ stage }) => (stage === undefined ? [] : [stage]))
  const [first] = stages.sort((left, right) => order.indexOf(left) - order.indexOf(right))
  return first === undefined ? '' : stageWords[first]
}
