/** The images that Claviger ships, built from the Dockerfiles that build them for everyone. */
import { images, repository } from '../settings.ts'
import { type Build, buildImage } from './storage.ts'

const bases = {
  BUILD_IMAGE: images.node,
  NODE_IMAGE: images.node,
  RUNTIME_IMAGE: images.runtime,
}

const webhook = {
  image: images.webhook,
  directory: repository,
  dockerfile: 'Dockerfile.webhook',
  arguments: bases,
}
const agent = {
  image: images.agent,
  directory: repository,
  dockerfile: 'Dockerfile.agent',
  arguments: { ...bases, SHELL_IMAGE: images.app },
}

/** By the name under which their size is printed. */
export const shippedBuilds = {
  webhook,
  agent,
  'vault-compatible': { ...agent, image: images.compatibleAgent, target: 'vault-compatible' },
} as const satisfies Record<string, Build>

const builds: readonly Build[] = Object.values(shippedBuilds)

export const shippedImages: readonly string[] = builds.map(({ image }) => image)

export async function buildShippedImages(signal: AbortSignal): Promise<void> {
  for (const build of builds) await buildImage(build, signal)
}
