/** Looks into an exported image. */
import { runCommand } from '../commands.ts'

export interface ImageFile {
  /** As `ls -l` writes it. */
  readonly mode: string
  readonly owner: string
  readonly path: string
}

export interface Layer {
  readonly files: readonly ImageFile[]
  /** As a registry keeps it, in bytes. */
  readonly compressed: number
}

export interface ImageContent {
  readonly user: string
  readonly layers: readonly Layer[]
}

/** `archive` is a docker-archive; `known` are the layers that were read before, by the digest that is their name in it. */
export async function readImage(archive: string, known: Map<string, Layer>): Promise<ImageContent> {
  const [{ Config, Layers }] = JSON.parse(await readMember(archive, 'manifest.json'))
  const { config } = JSON.parse(await readMember(archive, Config))
  const layers: Layer[] = []
  for (const member of Layers) {
    const layer = known.get(member) ?? (await readLayer(archive, member))
    known.set(member, layer)
    layers.push(layer)
  }
  return { user: config.User, layers }
}

function readMember(archive: string, member: string): Promise<string> {
  return runCommand({
    program: 'tar',
    args: ['--extract', '--to-stdout', '--file', archive, member],
  })
}

/** The file of that path in the last layer that may have it. */
export async function readFileOf(archive: string, path: string): Promise<string> {
  const [{ Layers }] = JSON.parse(await readMember(archive, 'manifest.json'))
  const texts = await Promise.all(
    Layers.map((member: string) => pipe(archive, member, `(tar -xO ${path.slice(1)} || true)`)),
  )
  return texts.findLast((text) => text !== '') ?? ''
}

/** What a command makes of a layer. */
function pipe(archive: string, member: string, command: string): Promise<string> {
  const script = `tar -xOf "$1" "$2" | ${command}`
  const args = ['-euo', 'pipefail', '-c', script, 'bash', archive, member]
  return runCommand({ program: 'bash', args })
}

async function readLayer(archive: string, member: string): Promise<Layer> {
  const listed = await pipe(archive, member, 'tar --list --verbose --numeric-owner')
  const files = listed.split('\n').flatMap((line) => {
    const match = /^(\S{10}) (\d+\/\d+) +\S+ \S+ \S+ (.+?)(?: -> .*| link to .*)?$/.exec(line)
    const [, mode = '', owner = '', path = ''] = match ?? []
    return path === '' ? [] : [{ mode, owner, path: `/${path}` }]
  })
  return { files, compressed: Number(await pipe(archive, member, 'gzip -6 | wc -c')) }
}
