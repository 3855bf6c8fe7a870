/** `npm run bench`: ours beside the stock parts, as tables, JSON and charts; `--help` says more. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupPlaces } from './measure/accounts.ts'
import { listAgents } from './measure/agents.ts'
import type { Bench } from './measure/bench.ts'
import { currentLoad, describeThisMachine } from './measure/machine.ts'
import { findPrograms } from './measure/programs.ts'
import { Scene } from './measure/scene.ts'
import { type BenchStore, openStore } from './measure/store.ts'
import { type Options, parseOptions, renderHelp } from './options.ts'
import {
  describeMachine,
  drawCharts,
  formatSection,
  renderFigures,
  replaceFigures,
} from './report/page.ts'
import { mergeResults, type Results, type Section } from './report/results.ts'
import { sections } from './sections/section-table.ts'

const names = sections.map(({ name }) => name)
const tell = (text: string) => process.stdout.write(`${text}\n`)

const parsed = parseOptions(process.argv.slice(2), names)
if (parsed.kind === 'help') tell(renderHelp(sections))
else if (parsed.kind === 'problem') {
  process.stderr.write(`${parsed.text}\nnpm run bench -- --help lists the options\n`)
  process.exitCode = 2
} else await runInScene(parsed.options)

async function runInScene(options: Options): Promise<void> {
  const scene = new Scene()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      process.stderr.write('interrupted: ending what was started\n')
      void scene.close().then(() => process.exit(130))
    })
  }
  try {
    const fresh = await run(scene, options)
    if (options.out !== undefined) writeResults(options.out, fresh)
  } catch (thrown) {
    // What fails after an interruption fails because of it.
    if (scene.signal.aborted) await new Promise(() => undefined)
    throw thrown
  } finally {
    await scene.close()
  }
}

async function run(scene: Scene, options: Options): Promise<readonly Section[]> {
  const load = currentLoad()
  const programs = await findPrograms(scene.signal, tell)
  const machine = () => describeThisMachine(programs.versions, load)
  tell(`${describeMachine(machine())}; accounts: ${groupPlaces.kind}`)
  if (load > availableParallelism() / 4) {
    tell(`The machine is busy (load average ${load.toFixed(2)}): take ratios, not absolutes.`)
  }
  const bench = openBench(scene, options, programs)
  const done: Section[] = []
  for (const { name, title, run: measure } of sections) {
    if (!options.only.includes(name)) continue
    const described = machine()
    const begun = performance.now()
    const section = { name, title, machine: described, ...(await measure(bench)) }
    const elapsed = ((performance.now() - begun) / 1000).toFixed(0)
    tell(`\n${formatSection(section)}\n(${name}: ${elapsed} s)`)
    done.push(section)
  }
  return done
}

function openBench(scene: Scene, options: Options, programs: Bench['programs']): Bench {
  const root = scene.makeFolder(existsSync('/dev/shm') ? '/dev/shm' : tmpdir())
  const disk = scene.makeFolder(tmpdir())
  const { rounds, seconds, peerInjector, images } = options
  const agents = listAgents(programs)
  let store: Promise<BenchStore> | undefined
  const openOnce = () => {
    store ??= openStore(scene, root, programs.vault)
    return store
  }
  const given = { rounds, seconds, peerInjector, images }
  return { scene, root, disk, ...given, programs, agents, store: openOnce, tell }
}

/** Page, charts and JSON; sections that were not run keep their figures. */
function writeResults(folder: string, fresh: readonly Section[]): void {
  mkdirSync(join(folder, 'benchmarks'), { recursive: true })
  const json = join(folder, 'benchmarks.json')
  const kept: Results = existsSync(json)
    ? JSON.parse(readFileSync(json, 'utf8'))
    : { version: 1, sections: [] }
  const results = mergeResults(kept, fresh, names)
  writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
  const page = join(folder, 'benchmarks.md')
  const text = existsSync(page)
    ? readFileSync(page, 'utf8')
    : '# Benchmarks\n\n<!-- figures -->\n<!-- /figures -->\n'
  writeFileSync(page, replaceFigures(text, renderFigures(results)))
  const charts = join(folder, 'benchmarks')
  rmSync(charts, { recursive: true, force: true })
  mkdirSync(charts)
  for (const [name, chart] of drawCharts(results)) writeFileSync(join(charts, name), chart)
  tell(`\nwritten: ${page}, ${json} and ${charts}/`)
}
