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

async function readLayer(archive: string, member: string): Promise<Layer> {
  const pipe = (command: string) =>
    runCommand({
      program: 'bash',
      args: ['-euo', 'pipefail', '-c', `tar -xOf "$1" "$2" | ${command}`, 'bash', archive, member],
    })
  const listed = await pipe('tar --list --verbose --numeric-owner')
  const files = listed.split('\n').flatMap((line) => {
    const match = /^(\S{10}) (\d+\/\d+) +\S+ \S+ \S+ (.+?)(?: -> .*| link to .*)?$/.exec(line)
    const [, mode = '', owner = '', path = ''] = match ?? []
    return path === '' ? [] : [{ mode, owner, path: `/${path}` }]
  })
  return { files, compressed: Number(await pipe('gzip -6 | wc -c')) }
}
