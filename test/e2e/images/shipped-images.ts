/** The two images that Claviger ships, built from the Dockerfiles that build them for everyone. */
import { images, repository } from '../settings.ts'
import { buildImage } from './storage.ts'

const bases = {
  BUILD_IMAGE: images.node,
  NODE_IMAGE: images.node,
  RUNTIME_IMAGE: images.runtime,
}

export async function buildShippedImages(signal: AbortSignal): Promise<void> {
  for (const name of ['webhook', 'agent'] as const) {
    await buildImage(
      {
        image: images[name],
        directory: repository,
        dockerfile: `Dockerfile.${name}`,
        arguments: bases,
      },
      signal,
    )
  }
}
