/** The images that Claviger ships, built from the Dockerfiles that build them for everyone. */
import { images, repository } from '../settings.ts'
import { type Build, buildImage } from './storage.ts'

const bases = {
  BUILD_IMAGE: images.node,
  NODE_IMAGE: images.node,
  RUNTIME_IMAGE: images.runtime,
}

const builds: readonly Omit<Build, 'directory'>[] = [
  { image: images.webhook, dockerfile: 'Dockerfile.webhook', arguments: bases },
  {
    image: images.agent,
    dockerfile: 'Dockerfile.agent',
    arguments: { ...bases, SHELL_IMAGE: images.app },
  },
  {
    image: images.compatibleAgent,
    dockerfile: 'Dockerfile.agent',
    target: 'vault-compatible',
    arguments: { ...bases, SHELL_IMAGE: images.app },
  },
]

export const shippedImages: readonly string[] = builds.map(({ image }) => image)

export async function buildShippedImages(signal: AbortSignal): Promise<void> {
  for (const build of builds) await buildImage({ directory: repository, ...build }, signal)
}
