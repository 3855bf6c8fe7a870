/** The agent's whole configuration, from wherever it is given: at the start, and again after SIGHUP. */
import { AppError } from '../../core/errors.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import type { JsonObject } from '../../core/json.ts'
import type { AgentFlags } from '../flags.ts'
import { unifyShapes } from './block-shapes.ts'
import { type ConfigFile, readConfigFiles } from './config-files.ts'
import { decodeConfig } from './encoded-config.ts'
import { readJsonText } from './json-text.ts'
import { mergeFiles } from './merge-files.ts'
import { type LoadedConfig, readTree } from './read-config.ts'
import { type Environment, Settings } from './settings.ts'

/** The texts of the paths of a command line. */
export type ReadFiles = (paths: readonly string[]) => Parsed<readonly ConfigFile[]>

/**
 * From the files of `-config`, else of `BAO_AGENT_CONFIG_PATH` or `VAULT_AGENT_CONFIG_PATH`, else from `VAULT_CONFIG`; flags beat the
 * environment, and that the files. Nothing is thrown: what is wrong comes back as issues.
 */
export async function loadConfig(
  flags: AgentFlags,
  environment: Environment,
  readFiles: ReadFiles = readConfigFiles,
): Promise<Parsed<LoadedConfig>> {
  const settings = new Settings(flags, environment)
  const files = await findTexts(settings, readFiles)
  if (files.kind === 'issues') return files
  const issues: Issue[] = []
  const roots: JsonObject[] = []
  for (const file of files.value) {
    const parsed = await parseText(file)
    if (parsed.kind === 'issues') issues.push(...parsed.issues)
    else roots.push(unifyShapes(parsed.value))
  }
  if (issues.length > 0) return { kind: 'issues', issues }
  return readTree(mergeFiles(roots), settings)
}

async function findTexts(
  settings: Settings,
  readFiles: ReadFiles,
): Promise<Parsed<readonly ConfigFile[]>> {
  const given = settings.flags.config ?? []
  const variable = settings.variable('AGENT_CONFIG_PATH')
  const paths = given.length > 0 || !variable?.text ? given : [variable.text]
  if (paths.length > 0) return readFiles(paths)
  const encoded = settings.environment['VAULT_CONFIG']
  if (encoded) return decodeVariable(encoded)
  const hint = 'a file or directory; or the variable VAULT_CONFIG, base64 of JSON'
  return {
    kind: 'issues',
    issues: [{ code: 'config', path: '-config', expected: 'a path', hint }],
  }
}

async function decodeVariable(encoded: string): Promise<Parsed<readonly ConfigFile[]>> {
  const path = 'VAULT_CONFIG'
  try {
    return { kind: 'ok', value: [{ path, text: await decodeConfig(encoded) }] }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const expected = 'base64 of JSON, perhaps compressed with gzip'
    return { kind: 'issues', issues: [{ code: 'config', path, expected }] }
  }
}

/** JSON and HCL are told apart by the first character, whatever the file is called. */
async function parseText({ path, text }: ConfigFile): Promise<Parsed<JsonObject>> {
  if (text.trimStart().startsWith('{')) return readJsonText(text, path)
  const { parseHcl } = await import('./hcl/parse-hcl.ts')
  return parseHcl(text, path)
}
