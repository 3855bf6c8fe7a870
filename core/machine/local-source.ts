/** Answers what templates ask of the machine they are rendered on. */
import type { LocalAnswer, LocalRequest } from '../template/local-request.ts'
import type { TemplatePolicy } from '../template/policy.ts'
import { listInterfaces } from './interfaces.ts'
import { readLocalFile } from './read-file.ts'

export interface LocalSource {
  /** Never rejects: what fails is an answer too. */
  readonly answer: (request: LocalRequest, policy: TemplatePolicy) => Promise<LocalAnswer>
}

/** `environment` is what programs are started with. */
export function createLocalSource(environment: Readonly<Record<string, string>>): LocalSource {
  return {
    answer: async (request, policy) => {
      switch (request.kind) {
        case 'file':
          return readLocalFile(toText(request.path), policy.file)
        case 'plugin': {
          if (!policy.plugin) return { kind: 'failed', reason: 'programs may not be run' }
          const { runProgram } = await import('./run-program.ts')
          return runProgram({ name: request.name, words: request.words, environment })
        }
        case 'interfaces':
          return policy.network
            ? { kind: 'interfaces', addresses: listInterfaces() }
            : { kind: 'failed', reason: 'the network may not be looked at' }
      }
    },
  }
}

function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
