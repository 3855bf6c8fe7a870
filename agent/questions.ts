/** The verbs that ask how an agent is doing. */
export const questions = ['status', 'ready', 'live'] as const
export type Question = (typeof questions)[number]

export function isQuestion(verb: string): verb is Question {
  return questions.some((question) => question === verb)
}
