/** The name of a signal in a configuration. */
import { constants } from 'node:os'
import { findNearest } from '../../core/nearest.ts'
import type { Fields } from './fields.ts'

/** In any case, with `SIG`; undefined where it is absent or empty. */
export function readSignal(block: Fields, key: string): NodeJS.Signals | undefined {
  const text = block.text(key) ?? ''
  if (text === '') return undefined
  const name = text.toUpperCase()
  if (isSignal(name)) return name
  const nearest = findNearest(name, Object.keys(constants.signals))
  const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
  block.report(key, 'a signal such as SIGTERM', hint)
  return undefined
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name)
}
