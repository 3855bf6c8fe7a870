/** `node test/bench/fleet/main.ts [--agents N] [--threads N]`: the load of a fleet on its store, ours beside the stock agent's. */
import { parseArgs } from 'node:util'
import { planHour } from './fleet-plan.ts'
import { formatFleets } from './fleet-table.ts'
import { simulateFleet } from './simulate-fleet.ts'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '75000' },
    threads: { type: 'string', default: '2' },
  },
})

const plan = planHour(Number(values.agents))
const threads = Number(values.threads)
const ours = await simulateFleet({ kind: 'claviger', plan, threads })
const stock = await simulateFleet({ kind: 'vault-agent', plan, threads })
process.stdout.write(`${formatFleets(plan, { ours, stock })}\n`)
