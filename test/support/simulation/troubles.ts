/** What befalls the pod in a day. */
import { type CloudWeather, type DayPlan, type FilePlan, paths, type Weather } from './day-plan.ts'
import type { SimulatedPod } from './simulated-pod.ts'
import { hour, minute, second } from './timetable.ts'
import type { World } from './world.ts'

const weathers: readonly Weather[] = [
  'down',
  'lossy',
  'hanging',
  'sealed',
  'throttled',
  'flaky',
  'garbled',
  'slow',
  'closed',
  'stubborn',
  'lagging',
]

/** How long before the end of a day that ends calm nothing befalls it any more. */
const calmMs = 4 * hour

export function scheduleTroubles(world: World, pod: SimulatedPod, plan: DayPlan): void {
  const { start } = world.time
  const until = start + plan.lengthMs - (plan.endsCalm ? calmMs : 0)
  const day = new TroubledDay(world, until)
  day.forecast()
  day.changeSecrets(plan)
  day.troubleStore()
  day.troublePod(pod, plan)
  day.troubleDisk(plan)
  if (plan.hibernates) scheduleWakes(world, pod, until)
  if (plan.cloud !== undefined) scheduleCloud(world, pod, { files: plan.files, until })
}

const cloudWeathers: readonly CloudWeather[] = [
  'down',
  'lossy',
  'hanging',
  'throttled',
  'throttled',
  'flaky',
  'slow',
]

/** What befalls the store beside Vault: weather, changes, and credentials that it takes back. */
interface CloudDay {
  readonly files: readonly FilePlan[]
  readonly until: number
}

function scheduleCloud(world: World, pod: SimulatedPod, { files, until }: CloudDay): void {
  const { time, cloud, chances } = world
  const chance = chances.cloud
  const sometimes = (most: number, run: () => void) => {
    for (let count = Math.floor(chance.between(0, most + 1)); count > 0; count--) {
      time.at(chance.between(time.start, until), run)
    }
  }
  sometimes(4, () => cloud.setValue(paths.cloud))
  sometimes(2, () => cloud.setValue(paths.bucket))
  sometimes(2, () => cloud.withdraw())
  let at = time.start + (chance.happens(0.2) ? 0 : chance.between(0, 2 * hour))
  for (let spells = Math.floor(chance.between(0, 6)); spells > 0; spells--) {
    const weather = chance.pick(cloudWeathers)
    const end = at + chance.between(second, chance.pick([minute, 40 * minute]))
    if (end > until) return
    time.at(at, () => world.setCloudWeather(weather))
    time.at(end, () => world.setCloudWeather('fair'))
    if (weather === 'throttled') {
      // What is wanted for the first time must wait for the end of its rest, too.
      time.at(chance.between(at, end), () => pod.reload([...files, lateFile]))
    }
    at = end + chance.between(0, 5 * hour)
  }
}

/** Callers of a listener, now and then a crowd of them, and files that change, from a source of chance of their own. */
function scheduleWakes({ time, chances }: World, pod: SimulatedPod, until: number): void {
  const { waiter } = chances
  for (let count = Math.floor(waiter.between(0, 5)); count > 0; count--) {
    const at = waiter.between(time.start, until)
    const crowd = waiter.pick([1, 1, 12])
    for (let caller = 0; caller < crowd; caller++)
      time.at(at + caller * minute, () => pod.connect())
  }
  for (let count = Math.floor(waiter.between(0, 3)); count > 0; count--) {
    time.at(waiter.between(time.start, until), () => pod.touch())
  }
}

class TroubledDay {
  readonly #world: World
  readonly #until: number

  constructor(world: World, until: number) {
    this.#world = world
    this.#until = until
  }

  /** The weather turns at most every few hours; it is fair in between. */
  forecast(): void {
    const { events } = this.#world.chances
    // Now and then the day begins with it.
    const { start } = this.#world.time
    let at = start + (events.happens(0.2) ? 0 : this.#upTo(2 * hour))
    for (let spells = Math.floor(events.between(0, 6)); spells > 0; spells--) {
      const weather = events.pick(weathers)
      const longest = events.pick([
        minute,
        10 * minute,
        weather === 'stubborn' ? 3 * hour : 40 * minute,
      ])
      const end = at + events.between(second, longest)
      if (end > this.#until) return
      this.#world.time.at(at, () => this.#world.setWeather(weather))
      this.#world.time.at(end, () => this.#world.setWeather('fair'))
      at = end + this.#upTo(5 * hour)
    }
  }

  changeSecrets({ files }: DayPlan): void {
    const { vault } = this.#world
    this.#sometimes({ most: 6, run: () => vault.setValue(paths.kv) })
    if (!files.some(({ parts }) => parts.includes('extra'))) return
    this.#sometimes({ most: 2, run: () => vault.setValue(paths.extra) })
    this.#sometimes({ most: 1, run: () => vault.deleteValue(paths.extra) })
  }

  troubleStore(): void {
    const { vault, chances } = this.#world
    const { events } = chances
    const denied = events.pick(Object.values(paths))
    this.#spell(0.2, hour, (isOn) => vault.deny(denied, isOn))
    this.#spell(0.15, hour, (isOn) =>
      isOn ? vault.deleteValue(paths.kv) : vault.setValue(paths.kv),
    )
    if (events.happens(0.15)) this.#sometimes({ most: 2, run: () => vault.revokeTokens() })
    if (events.happens(0.15)) this.#sometimes({ most: 2, run: () => vault.revokeLeases() })
    const jump = () =>
      events.pick([-1, 1]) * events.pick([minute, 3 * hour, 24 * hour, 87_600 * hour])
    if (events.happens(0.3)) {
      this.#sometimes({ most: 3, run: () => this.#world.setWallClock(jump()) })
    }
  }

  troublePod(pod: SimulatedPod, { files }: DayPlan): void {
    const { chances } = this.#world
    if (chances.events.happens(0.3)) this.#sometimes({ most: 4, run: () => pod.kill() })
    this.#spell(0.2, 10 * minute, (isOn) => this.#world.setCommandsFail(isOn))
    const others = otherFiles(files)
    this.#spell(0.15, 5 * hour, (isOn) => pod.reload(isOn ? others : files))
  }

  troubleDisk({ files, sinks }: DayPlan): void {
    const { disk, chances } = this.#world
    const { events } = chances
    this.#spell(0.15, hour, (isOn) => disk.setFull(isOn))
    if (!events.happens(0.2)) return
    const paths = [...files.map(({ destination }) => destination), ...sinks.map(({ path }) => path)]
    const meddle = () => {
      const path = events.pick(paths)
      if (disk.files.has(path)) disk.meddle(path, events.happens(0.5) ? 'spoiled' : undefined)
    }
    this.#sometimes({ most: 3, run: meddle })
  }

  /** From time to time, `most` times at most. */
  #sometimes({ most, run }: { readonly most: number; readonly run: () => void }): void {
    const { time, chances } = this.#world
    const count = Math.floor(chances.events.between(0, most + 1))
    for (let index = 0; index < count; index++) {
      time.at(chances.events.between(time.start, this.#until), run)
    }
  }

  /** For a while, with some probability. */
  #spell(probability: number, longestMs: number, turn: (isOn: boolean) => void): void {
    const { time, chances } = this.#world
    if (!chances.events.happens(probability)) return
    const begin = chances.events.between(time.start, this.#until - longestMs)
    time.at(begin, () => turn(true))
    time.at(begin + chances.events.between(second, longestMs), () => turn(false))
  }

  #upTo(ms: number): number {
    return this.#world.chances.events.between(0, ms)
  }
}

const lateFile: FilePlan = {
  destination: '/secrets/late',
  mode: undefined,
  parts: ['bucket', 'cloud'],
  isOptional: false,
  command: undefined,
  wait: undefined,
  staleness: undefined,
}

/** One file less, or one more. */
function otherFiles(files: readonly FilePlan[]): readonly FilePlan[] {
  const [first, ...rest] = files
  if (rest.length > 0) return rest
  if (first === undefined) return files
  return [first, { ...first, destination: '/secrets/added', parts: ['other'], isOptional: false }]
}
