/** Keys of a secret as names of environment variables. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'

/**
 * Names that mean something to the shell or loader that reads them. A secret's keys may come from whoever writes it, and
 * under these a value is run (`PROMPT_COMMAND`, `BASH_ENV`; `RANDOM` is evaluated as arithmetic, commands included), is not
 * kept (`_`), or ends the sourcing shell (`UID`, `OPTIND`). Sources: bash(1) Shell Variables, dash(1), ld.so(8).
 */
const reserved =
  /^(?:_|BASH(?:_\w+|OPTS|PID)?|COMP_WORDBREAKS|DIRSTACK|EPOCH(?:REALTIME|SECONDS)|EUID|FUNCNAME|FUNCNEST|GROUPS|HISTCMD|IFS|LD_\w+|LINENO|OPT(?:ARG|ERR|IND)|PATH|PIPESTATUS|POSIXLY_CORRECT|PPID|PROMPT_COMMAND|PS[0-4]|RANDOM|SECONDS|SHELLOPTS|SRANDOM|UID)$/

/**
 * Every byte but ASCII letters, digits and `_` becomes `_`, and `_` is put before a leading digit. Throws `FunctionError`
 * for an empty key and for a name that the shell gives a meaning of its own.
 */
export function environmentName(key: string): string {
  if (key === '') throw new FunctionError('a variable has an empty name')
  const name = key.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_')
  if (!reserved.test(name)) return name
  throw new FunctionError(
    `the key ${quote(key)} would set ${name}, which means something to the shell itself; rename the key`,
  )
}

/** Each member's name and key; throws `FunctionError` where two keys become one name. */
export function environmentNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>()
  for (const key of keys) {
    const name = environmentName(key)
    const rival = byName.get(name)
    if (rival !== undefined) {
      throw new FunctionError(`the keys ${quote(rival)} and ${quote(key)} both become ${name}`)
    }
    byName.set(name, key)
  }
  return byName
}
