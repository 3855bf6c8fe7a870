/** The keys `disable_idle_connections` and `disable_keep_alives` with their variables. */
import { findNearest } from '../../core/nearest.ts'
import { type ConnectionConfig, type Subsystem, subsystems } from './agent-config.ts'
import type { Fields } from './fields.ts'
import type { Settings } from './settings.ts'

/** A variable, a list with commas, takes the place of the key's value; one that is set and empty does not. */
export function readConnections(root: Fields, settings: Settings): ConnectionConfig {
  const read = (key: string, suffix: string): ReadonlySet<Subsystem> => {
    const variable = settings.variable(suffix)
    const names = variable?.text ? variable.text.split(',') : (root.list(key) ?? [])
    const place = variable?.text ? variable.place : key
    return new Set(names.flatMap((name) => readSubsystem(root, place, name.trim())))
  }
  return {
    withoutIdle: read('disable_idle_connections', 'AGENT_DISABLE_IDLE_CONNECTIONS'),
    withoutKeepAlive: read('disable_keep_alives', 'AGENT_DISABLE_KEEP_ALIVES'),
  }
}

function readSubsystem(root: Fields, place: string, name: string): readonly Subsystem[] {
  if (name === '') return []
  const known = subsystems.find((subsystem) => subsystem === name)
  if (known !== undefined) return [known]
  const nearest = findNearest(name, subsystems)
  const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
  root.report(place, `of ${subsystems.join(', ')}`, { got: name.slice(0, 20), ...hint })
  return []
}
