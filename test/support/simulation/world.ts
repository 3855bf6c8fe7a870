/** What a simulated day happens in: time, weather, the store, the disk, and the record of it all. */
import { Chance } from './chance.ts'
import type { CloudWeather, DayPlan, Weather } from './day-plan.ts'
import { History } from './history.ts'
import { SimulatedCloud } from './simulated-cloud.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { SimulatedVault } from './simulated-vault.ts'
import { Timetable } from './timetable.ts'

export class World {
  readonly time = new Timetable()
  readonly history = new History(() => this.time.now)
  readonly vault: SimulatedVault
  readonly plan: DayPlan
  readonly cloud: SimulatedCloud
  readonly disk = new SimulatedDisk(this.history)
  /** Of the agent itself, of the network, of what happens to the pod, of the kills, of what concerns the waiter, and of what befalls the store beside Vault. */
  readonly chances: Readonly<
    Record<'agent' | 'network' | 'events' | 'kills' | 'waiter' | 'cloud', Chance>
  >
  weather: Weather = 'fair'
  cloudWeather: CloudWeather = 'fair'
  doCommandsFail = false
  /** How far the wall clock is ahead. */
  wallLeadMs = 0
  readonly #hasWallJumps: boolean

  constructor(plan: DayPlan, hasWallJumps: boolean) {
    const { seed, store } = plan
    this.plan = plan
    this.#hasWallJumps = hasWallJumps
    const chance = new Chance(seed ^ 0x5eed)
    this.chances = {
      agent: chance.fork(),
      network: chance.fork(),
      events: chance.fork(),
      kills: chance.fork(),
      waiter: chance.fork(),
      cloud: chance.fork(),
    }
    this.vault = new SimulatedVault(store, this.time, this.history)
    this.cloud = new SimulatedCloud(plan, this.time, this.history)
  }

  setWeather(weather: Weather): void {
    this.weather = weather
    this.history.note({ kind: 'weather', weather })
  }

  setCloudWeather(weather: CloudWeather): void {
    this.cloudWeather = weather
    this.history.note({ kind: 'cloud weather', weather })
  }

  setWallClock(leadMs: number): void {
    if (!this.#hasWallJumps) return
    this.wallLeadMs = leadMs
    this.history.note({ kind: 'wall clock', leadMs })
  }

  setCommandsFail(fail: boolean): void {
    this.doCommandsFail = fail
    this.history.note({ kind: 'commands', fail })
  }
}
