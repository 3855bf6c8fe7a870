/** A folder of secrets, which is the store `file:` of the verbs that are run in it; each test has its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'
import { runVerb, type Surroundings } from './run-verb.ts'

/** In the folder as `token` and as the password of `prod/db`. */
export const secret = 'hunter2-7f3a'

const database = `{"user":"app","password":"${secret}","port":5432,"tls.crt":"PEM","deep":{"a":[1,2]}}`

/** For the tests of the file in which it is called. */
export function useSecretFolder() {
  let folder = ''
  const put = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes)
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claviger-stores-'))
    mkdirSync(join(folder, 'prod'))
    put('prod/db', database)
    put('token', secret)
    put('keystore', Buffer.from([0, 255, 254, 10, 13, 128]))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  return {
    path: () => folder,
    put,
    look: (name: string) => readFileSync(join(folder, name), 'utf8'),
    claviger: (args: readonly string[], given: Surroundings = {}) =>
      runVerb(args, { directory: folder, ...given }),
  }
}
