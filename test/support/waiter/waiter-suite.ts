/** What tests of the agent under a waiter begin and end with. */
import { join } from 'node:path'
import { type AgentSuite, useAgentSuite } from '../agent-suite.ts'
import { TestWaiter } from './test-waiter.ts'

export interface WaiterSuite extends AgentSuite {
  /** An agent whose configuration lies in a file. */
  readonly startAgent: (config: object, level?: string) => TestWaiter
  /** Of the same agent: the exit code and what is printed. */
  readonly ask: (
    verb: string,
    ...words: readonly string[]
  ) => Promise<{ readonly code: number; readonly text: string }>
}

/** Gives each test of the calling file a folder of its own, and ends everything that the test started. */
export function useWaiterSuite(): WaiterSuite {
  const waiters: TestWaiter[] = []
  // Ends before the folder of the suite below is removed.
  const suite = useAgentSuite(async () => {
    await Promise.all(waiters.splice(0).map((waiter) => waiter.close()))
  })
  const environment = () => {
    const { root } = suite.folder
    return {
      HOME: root,
      PATH: process.env['PATH'] ?? '',
      CLAVIGER_STATUS_FILE: join(root, 'state', 'status'),
    }
  }
  return {
    get folder() {
      return suite.folder
    },
    start: suite.start,
    startAgent: (config, level = 'debug') => {
      const path = suite.folder.write('agent.json', JSON.stringify(config))
      const words = ['agent', `-config=${path}`, `-log-level=${level}`]
      const waiter = new TestWaiter({ words, environment: environment() })
      waiters.push(waiter)
      return waiter
    },
    ask: async (verb, ...words) => {
      const path = join(suite.folder.root, 'agent.json')
      const asked = suite.folder.run([verb, ...words, `-config=${path}`], environment())
      const code = await asked.exited
      return { code, text: asked.lines.join('\n') }
    },
  }
}
