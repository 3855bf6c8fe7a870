/** Modules that are evaluated when something of them is first used, not when whoever imports them is: most of a program is for what most runs never do. */
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { type Plugin, transform } from 'esbuild'

const namespace = 'lazy'

/**
 * In TypeScript below the working directory every use of an import becomes a call of `require`, which a bundle of CommonJS answers from what it
 * has evaluated. Right for modules that do nothing but define what they export, and that import each other in no circle.
 */
export const lazyImports: Plugin = {
  name: 'lazy-imports',
  setup: ({ onResolve, onLoad }) => {
    // As files they would be ES modules, since package.json says so.
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => ({
      path: relative('.', resolve(resolveDir, path)),
      namespace,
    }))
    onLoad({ filter: /./, namespace }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const { code } = await transform(source, { loader: 'ts', format: 'cjs', target: 'node24' })
      return {
        contents: requireWhereUsed(exportAtEnd(code)),
        loader: 'js',
        resolveDir: resolve(dirname(path)),
      }
    })
  },
}

/** The metafile with the names that the files have. */
export function nameFiles(metafile: string): string {
  return metafile.replaceAll(`${namespace}:`, '')
}

const exportBlock =
  /^var (\w+) = \{\};\n__export\(\1, \{\n([\s\S]*?)^\}\);\nmodule\.exports = __toCommonJS\(\1\);$/m

/** One object once everything is defined, in place of a getter for each export and of what esbuild needs for them. */
function exportAtEnd(code: string): string {
  const found = exportBlock.exec(code)
  if (found === null) return code
  const [block, , entries = ''] = found
  const helpers = code.includes('__toESM(require(') ? code.slice(0, found.index) : ''
  const rest = code.slice(found.index + block.length)
  return `${helpers}${rest}\nmodule.exports = {${entries.replaceAll(': () =>', ':')}};\n`
}

const plainImport = /^var (import_\w+) = (require\(".+?"\));$/gm
/** Of a package that is CommonJS itself. */
const wrappedImport = /^var (import_\w+) = (__toESM\(require\(".+?"\)\));$/gm

function requireWhereUsed(code: string): string {
  const unwrapped = Array.from(code.matchAll(plainImport)).reduce(
    (changed, [statement, name = '', load = '']) =>
      useAs(changed.replace(statement, ''), name, `(${load})`),
    code,
  )
  return Array.from(unwrapped.matchAll(wrappedImport)).reduce(
    (changed, [statement, name = '', load = '']) =>
      `${useAs(changed.replace(statement, ''), name, `${name}()`)}var ${name}Known, ${name} = () => ${name}Known ??= ${load};\n`,
    unwrapped,
  )
}

function useAs(code: string, name: string, use: string): string {
  return code.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), use)
}
