/** Builds the Go programs of test/e2e/go, each once per state of its sources. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../commands.ts'
import { paths } from '../settings.ts'

interface GoProgram {
  readonly name: string
  readonly flags: readonly string[]
  /** Names under which the binary is called. */
  readonly links: readonly string[]
}

const version = ['gitVersion=v1.35.4', 'gitMajor=1', 'gitMinor=35']
  .map((assignment) => `-X k8s.io/component-base/version.${assignment}`)
  .join(' ')

const programs: readonly GoProgram[] = [
  {
    name: 'kubernetes',
    flags: ['-ldflags', `-s -w ${version}`],
    links: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kubectl'],
  },
  { name: 'vault', flags: ['-tags', 'minimal', '-ldflags', '-s -w', '-mod=mod'], links: ['vault'] },
  { name: 'kubernetes-auth', flags: ['-ldflags', '-s -w'], links: [] },
  { name: 'postgresql', flags: ['-ldflags', '-s -w'], links: [] },
]

/** Where `buildGoPrograms` has put a program: the path changes with its sources. */
export function goProgram(name: string): string {
  return pathOf(findProgram(name))
}

/** The path of one program, which is built where it is not there. */
export async function buildGoProgram(name: string, signal: AbortSignal): Promise<string> {
  const program = findProgram(name)
  if (!existsSync(pathOf(program))) await build(program, signal)
  return pathOf(program)
}

/** One after the other: each of the compilations takes all processors and some gigabytes. */
export async function buildGoPrograms(signal: AbortSignal): Promise<void> {
  mkdirSync(paths.binaries, { recursive: true })
  for (const program of programs) {
    const binary = await buildGoProgram(program.name, signal)
    for (const name of program.links) link(binary, join(paths.binaries, name))
  }
}

function findProgram(name: string): GoProgram {
  const program = programs.find((candidate) => candidate.name === name)
  if (program === undefined) throw new Error(`no Go program ${name}`)
  return program
}

function pathOf(program: GoProgram): string {
  return join(paths.cache, 'go', `${program.name}-${hashSources(program)}`)
}

async function build(program: GoProgram, signal: AbortSignal): Promise<void> {
  const { name, flags } = program
  const binary = pathOf(program)
  await runCommand({
    program: 'go',
    args: ['build', '-trimpath', '-buildvcs=false', ...flags, '-o', `${binary}.partial`, '.'],
    directory: sources(name),
    signal,
  })
  await runCommand({ program: 'mv', args: [`${binary}.partial`, binary] })
}

function hashSources({ name, flags }: GoProgram): string {
  const hash = createHash('sha256').update(JSON.stringify(flags))
  for (const file of readdirSync(sources(name)).sort()) {
    hash.update(file).update(readFileSync(join(sources(name), file)))
  }
  return hash.digest('hex').slice(0, 12)
}

function sources(name: string): string {
  return join(import.meta.dirname, '../go', name)
}

function link(target: string, path: string): void {
  rmSync(path, { force: true })
  symlinkSync(target, path)
}
