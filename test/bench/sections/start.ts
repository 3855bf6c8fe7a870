/** Process start → rendered file, in turns, without a proxy or an account in between. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startAgent } from '../measure/agent-run.ts'
import type { AgentContender } from '../measure/agents.ts'
import { type Bench, nextFolder } from '../measure/bench.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, pointOf } from '../report/results.ts'

/** Of each round, so that a whole run has enough of a short measurement. */
const repetitions = 7

export async function benchStarts(bench: Bench): Promise<Findings> {
  const store = await bench.store()
  const agents = [...bench.agents, bareNode(bench)]
  const series = new Map(agents.map(({ contender }) => [contender, [] as number[]] as const))
  for (let round = 0; round <= bench.rounds * repetitions; round++) {
    for (const agent of agents) {
      const folder = nextFolder(bench)
      const work = { store, address: store.address, folder, secrets: 1, haste: 1, once: false }
      const run = await startAgent(bench, { agent, work }, { isAccounted: false })
      await run.stop()
      // The first one warms up.
      if (round > 0) series.get(agent.contender)?.push(run.renderedMs)
    }
  }
  return {
    method: `From the start of the process until its one file is there: a login, one KV version 2 secret, ${store.description} on loopback, warm page cache, ${bench.rounds * repetitions} interleaved rounds. consul-template is given a token and does not log in; bare Node only writes a file, which is the floor under any agent in JavaScript.`,
    notes: bench.programs.missing,
    measures: [
      {
        name: 'start-to-file',
        title: 'Process start to rendered file',
        unit: 'ms',
        points: [pointOf('', series)],
      },
    ],
  }
}

/** What Node alone takes to write the same file. */
function bareNode({ root }: Bench): AgentContender {
  const path = join(root, 'bare.cjs')
  const program = `const fs = require('node:fs')
const config = JSON.parse(fs.readFileSync(process.argv[2].slice('-config='.length), 'utf8'))
fs.writeFileSync(config.destination, 'x')
process.on('SIGTERM', () => process.exit(0))
setInterval(() => undefined, 1000)
`
  writeFileSync(path, program)
  const contender: Contender = 'bareNode'
  return {
    contender,
    words: [process.execPath, path],
    files: [],
    configure: async ({ folder }) => ({
      config: { destination: join(folder, 'secrets', 'secret-0') },
      environment: {},
    }),
  }
}
