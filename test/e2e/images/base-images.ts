/** Local stand-ins for the public base images, made from this machine's files: no container registry is needed. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from '../commands.ts'
import { images, paths } from '../settings.ts'
import { buildImage } from './storage.ts'

const certificates = '/etc/ssl/certs/ca-certificates.crt'

interface BaseImage {
  readonly image: string
  readonly instructions: readonly string[]
  readonly fill: (root: string) => Promise<void>
}

export async function buildBaseImages(signal: AbortSignal): Promise<void> {
  const instructions = await buildEnvironment()
  const baseImages: readonly BaseImage[] = [
    {
      image: images.app,
      instructions: ['ENTRYPOINT ["/bin/sleep", "2147483647"]'],
      fill: fillShell,
    },
    { image: images.runtime, instructions: ['USER 65532:65532'], fill: fillRuntime },
    { image: images.node, instructions, fill: fillNode },
  ]
  for (const baseImage of baseImages) await build(baseImage, signal)
}

async function build({ image, instructions, fill }: BaseImage, signal: AbortSignal): Promise<void> {
  const directory = join(paths.cache, 'base-image')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(join(directory, 'root/tmp'), { recursive: true })
  await fill(join(directory, 'root'))
  const lines = ['FROM scratch', 'COPY root/ /', ...instructions]
  writeFileSync(join(directory, 'Dockerfile'), `${lines.join('\n')}\n`)
  await buildImage({ image, directory, dockerfile: 'Dockerfile' }, signal)
  rmSync(directory, { recursive: true })
}

/** Stands for gcr.io/distroless/cc: the C and C++ libraries that Node links, certificates, no shell. */
async function fillRuntime(root: string): Promise<void> {
  for (const library of await librariesOf(process.execPath)) copy(library, root)
  copy(certificates, root)
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:\nnonroot:x:65532:65532::/home/nonroot:\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n')
}

/** Stands for docker.io/library/node: Node at /usr/local/bin/node, npm, a shell, strip, gcc, and dpkg's knowledge of the libraries. */
async function fillNode(root: string): Promise<void> {
  await fillShell(root)
  await fillRuntime(root)
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'))
  const npm = dirname(dirname(realpathSync(await which('npm'))))
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
  symlinkSync('/bin/busybox', join(root, 'usr/bin/env'))
  for (const program of ['/usr/bin/strip', '/usr/bin/dpkg-query']) {
    copy(program, root)
    for (const library of await librariesOf(program)) copy(library, root)
  }
  await fillCompiler(root)
  cpSync('/var/lib/dpkg/status', join(root, 'var/lib/dpkg/status'))
  for (const file of readdirSync('/var/lib/dpkg/info')) {
    if (!/^(format|(libc6|libc6-dev|libgcc-s1|libstdc\+\+6)(:.*)?\.list)$/.test(file)) continue
    cpSync(join('/var/lib/dpkg/info', file), join(root, 'var/lib/dpkg/info', file))
  }
}

/** gcc for C, and what it needs to link libc statically. */
async function fillCompiler(root: string): Promise<void> {
  const ask = async (what: string) =>
    (await runCommand({ program: 'gcc', args: [what] })).trim().replace(/^(?!\/)/, '/usr/bin/')
  const named = ['cc1', 'collect2', 'as', 'ld'].map((name) => ask(`-print-prog-name=${name}`))
  const programs = ['/usr/bin/gcc', ...(await Promise.all(named))]
  for (const program of programs) {
    copy(program, root)
    for (const library of await librariesOf(program)) copy(library, root)
  }
  const own = dirname(await ask('-print-libgcc-file-name'))
  cpSync(join(own, 'include'), join(root, own, 'include'), { recursive: true })
  const parts = /^(crt.*\.o|libgcc(_eh)?\.a|liblto_plugin\.so|lto-wrapper)$/
  for (const file of readdirSync(own)) if (parts.test(file)) copy(join(own, file), root)
  const args = ['--listfiles', 'libc6-dev', 'linux-libc-dev']
  const listed = await runCommand({ program: 'dpkg-query', args })
  for (const [file] of listed.matchAll(/^\/usr\/(?:include|lib)\/.*\.[aho]$/gm)) copy(file, root)
}

async function fillShell(root: string): Promise<void> {
  copy('/bin/busybox', root)
  // Debian's busybox lacks this one command, which the examples use.
  copy('/usr/bin/printenv', root)
  for (const library of await librariesOf('/usr/bin/printenv')) copy(library, root)
  const commands = await runCommand({ program: '/bin/busybox', args: ['--list'] })
  for (const name of commands.split('\n')) {
    if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(root, 'bin', name))
  }
  for (const directory of ['etc', 'usr/bin', 'usr/local/bin', 'root']) {
    mkdirSync(join(root, directory), { recursive: true })
  }
}

/** npm inside a build reaches its registry the way npm outside does. */
async function buildEnvironment(): Promise<string[]> {
  const registry = await runCommand({ program: 'npm', args: ['config', 'get', 'registry'] })
  return [
    'ENV PATH=/usr/local/bin:/usr/bin:/bin',
    `ENV NODE_EXTRA_CA_CERTS=${certificates} NPM_CONFIG_CAFILE=${certificates}`,
    `ENV NPM_CONFIG_REGISTRY=${registry.trim()}`,
  ]
}

/** Files that the loader maps when `binary` starts, as absolute paths. */
async function librariesOf(binary: string): Promise<string[]> {
  const listed = await runCommand({ program: 'ldd', args: [binary] })
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? '')
}

/** The same path inside the image; a link becomes the file it means. */
function copy(file: string, root: string): void {
  const target = join(root, file)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(file, target)
}

async function which(program: string): Promise<string> {
  return (await runCommand({ program: '/bin/sh', args: ['-c', `command -v ${program}`] })).trim()
}
