/** What tests of the agent's process begin and end with. */
import { afterEach, beforeEach } from '@jest/globals'
import { AgentFolder } from './agent-process.ts'
import {
  kvBody,
  loginAnswer,
  type Script,
  type ScriptedVault,
  startScriptedVault,
} from './scripted-vault.ts'

export interface AgentSuite {
  /** The one of the test that runs. */
  readonly folder: AgentFolder
  /** A store that ends with the test. */
  readonly start: (script: Script, port?: number) => Promise<ScriptedVault>
}

/** Gives each test of the calling file a folder of its own, and removes it with everything that the test started, after `endOthers`. */
export function useAgentSuite(endOthers: () => Promise<void> = async () => undefined): AgentSuite {
  let folder: AgentFolder
  const stores: ScriptedVault[] = []
  beforeEach(() => {
    folder = new AgentFolder()
  })
  afterEach(async () => {
    await endOthers()
    await folder.remove()
    await Promise.all(stores.splice(0).map((store) => store.close()))
  })
  return {
    get folder() {
      return folder
    },
    start: async (script, port) => {
      const store = await startScriptedVault(script, port)
      stores.push(store)
      return store
    },
  }
}

/** A store that takes every login and has one secret. */
export const working: Script = ({ path }) => {
  if (path.endsWith('revoke-self')) return { status: 204 }
  return path.startsWith('auth/') ? loginAnswer : kvBody({ password: 'hunter2' })
}

/** Method and path of every request. */
export function requestsOf({ requests }: ScriptedVault): readonly string[] {
  return requests.map(({ method, path }) => `${method} ${path}`)
}
