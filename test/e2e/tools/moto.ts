/** moto, a server that does what AWS's services do, from PyPI, in a virtual environment of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../apart/waiter/free-port.ts'
import { runCommand } from '../commands.ts'
import { until } from '../polling.ts'
import { paths } from '../settings.ts'

const release = 'moto[server]==5.2.5'
const environment = join(paths.cache, 'moto-5.2.5')
const python = join(environment, 'bin', 'python')

/** A virtual environment cannot be moved: a file tells a whole one from one that an interruption left behind. */
const complete = join(environment, 'complete')

export async function installMoto(signal?: AbortSignal): Promise<void> {
  if (existsSync(complete)) return
  rmSync(environment, { recursive: true, force: true })
  mkdirSync(paths.cache, { recursive: true })
  const run = (program: string, ...args: string[]) =>
    runCommand({ program, args, ...(signal === undefined ? {} : { signal }) })
  await run('python3', '-m', 'venv', environment)
  await run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', release)
  mkdirSync(`${complete}.new`)
  renameSync(`${complete}.new`, complete)
}

export interface MotoServer {
  readonly address: string
  readonly stop: () => Promise<void>
}

/** On loopback, empty; it runs until it is stopped. */
export async function startMoto(): Promise<MotoServer> {
  await installMoto()
  const port = await freePort('127.0.0.1')
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  const server = spawn(python, args, { stdio: 'ignore' })
  const address = `http://127.0.0.1:${port}`
  await until({
    what: 'moto',
    probe: async () => {
      if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`)
      const { status } = await fetch(`${address}/moto-api/data.json`)
      return status === 200 ? true : undefined
    },
  })
  return { address, stop: () => endProcess(server) }
}

function endProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}
