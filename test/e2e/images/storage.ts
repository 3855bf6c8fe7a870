/** buildah with a store of its own, whose layers survive the run. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../commands.ts'
import { paths } from '../settings.ts'

export interface Build {
  readonly image: string
  readonly directory: string
  /** Relative to `directory`. */
  readonly dockerfile: string
  /** The stage to end with; the last one when absent. */
  readonly target?: string
  readonly arguments?: Readonly<Record<string, string>>
  /** Whether nothing of an earlier build is used. */
  readonly anew?: boolean
}

export async function buildImage(build: Build, signal: AbortSignal): Promise<void> {
  const values = Object.entries(build.arguments ?? {}).map(([key, value]) => `${key}=${value}`)
  await buildah(
    [
      // The image that is built is not run here, so a chroot is isolation enough; it needs no runtime of its own.
      ...['bud', '--isolation', 'chroot', '--pull-never', '--tag', build.image],
      // Times are of no meaning in an image; without them the same sources give the same digest.
      ...['--timestamp', '0', '--layers', ...(build.anew === true ? ['--no-cache'] : [])],
      ...['--file', join(build.directory, build.dockerfile)],
      ...(build.target === undefined ? [] : ['--target', build.target]),
      ...values.flatMap((value) => ['--build-arg', value]),
      build.directory,
    ],
    signal,
  )
}

/** Builds it without anything of earlier builds, and leaves nothing of it; the digest. `image` must be a name of its own. */
export async function rebuildImage(build: Build, signal: AbortSignal): Promise<string> {
  const list = async () =>
    (await buildah(['images', '--all', '--quiet', '--no-trunc'], signal)).split('\n')
  const before = await list()
  await buildImage({ ...build, anew: true }, signal)
  const digest = await readDigest(build.image, signal)
  await buildah(['rmi', build.image], signal)
  const added = (await list()).filter((id) => !before.includes(id))
  // Intermediate stages, half a gigabyte of packages among them, which no later build would look for.
  if (added.length > 0) await buildah(['rmi', '--force', ...new Set(added)], signal)
  return digest
}

/** The digest of its configuration, which names all its layers. */
export async function readDigest(image: string, signal: AbortSignal): Promise<string> {
  return (await buildah(['images', '--quiet', '--no-trunc', image], signal)).trim()
}

/** Writes the image as an archive named after its digest, and returns the file. */
export async function exportImage(image: string, signal: AbortSignal): Promise<string> {
  mkdirSync(paths.archives, { recursive: true })
  const id = await readDigest(image, signal)
  const prefix = image.replace(/^.*\//, '').replace(/:.*$/, '')
  const name = `${prefix}-${id.replace(/^sha256:/, '').slice(0, 16)}.tar`
  const archive = join(paths.archives, name)
  if (existsSync(archive)) return archive
  for (const file of readdirSync(paths.archives)) {
    if (file.startsWith(`${prefix}-`)) rmSync(join(paths.archives, file))
  }
  await buildah(['push', image, `docker-archive:${archive}.partial:${image}`], signal)
  renameSync(`${archive}.partial`, archive)
  return archive
}

function buildah(args: readonly string[], signal: AbortSignal): Promise<string> {
  const store = ['--storage-driver', 'overlay', '--root', paths.imageStore]
  const state = ['--runroot', join(paths.state, 'buildah')]
  return runCommand({ program: 'buildah', args: [...store, ...state, ...args], signal })
}
