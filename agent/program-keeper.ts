/** The program that an agent carries out: made of texts, and replaced as a whole by other texts, or not at all. */
import { formatIssue, type Issue, type Parsed } from '../core/issue.ts'
import { errorFields, type Logger } from '../core/log.ts'
import { type Environment, type PreparedProgram, prepareProgram } from './agent-program.ts'
import { loadConfig } from './config/load-config.ts'
import type { LoadedConfig } from './config/read-config.ts'
import type { AgentFlags } from './flags.ts'
import { markFiles } from './waiter/file-marks.ts'
import { noTexts, replayTexts, TextReader, type TextSource, type Texts } from './waiter/texts.ts'

export interface KeeperInput {
  readonly flags: AgentFlags
  readonly environment: Environment
  /** What an earlier process went by; undefined: the files count. */
  readonly kept: Texts | undefined
}

export class ProgramKeeper {
  readonly #input: KeeperInput
  /** What the program was made of; its marks are those of the last look. */
  #texts: () => Texts = () => noTexts
  #source: TextSource = new TextReader()

  constructor(input: KeeperInput) {
    this.#input = input
  }

  get texts(): Texts {
    return this.#texts()
  }

  get areKept(): boolean {
    return this.#texts() === this.#input.kept
  }

  /** The configuration to begin with. */
  async open(): Promise<Parsed<LoadedConfig>> {
    const { kept } = this.#input
    if (kept === undefined) return this.#load(new TextReader())
    this.#source = replayTexts(kept)
    this.#texts = () => kept
    return this.#load(this.#source)
  }

  /** Of what `open` gave. Errors: `tls_invalid`. */
  prepare({ config }: LoadedConfig, logger: Logger): PreparedProgram {
    return prepareProgram(config, {
      environment: this.#input.environment,
      logger,
      texts: this.#source,
    })
  }

  /** The program of the files as they are now; undefined where it cannot be used, which is logged: the old one stays. */
  async reload(logger: Logger): Promise<PreparedProgram | undefined> {
    const former = { texts: this.#texts, source: this.#source }
    const marks = markFiles(former.texts().marks.keys())
    const reader = new TextReader()
    const loaded = await this.#load(reader)
    const program = loaded.kind === 'ok' ? this.#tryToPrepare(loaded.value, logger) : undefined
    if (loaded.kind === 'issues') refuse(logger, loaded.issues)
    if (program !== undefined) {
      logger.info('configuration reloaded')
      return program
    }
    // Looked at again, so that only another change is a reason to try once more.
    const looked = new Map([...marks, ...reader.texts.marks])
    const texts = { ...former.texts(), marks: looked }
    this.#source = former.source
    this.#texts = () => texts
    return undefined
  }

  async #load(source: TextSource): Promise<Parsed<LoadedConfig>> {
    const { flags, environment } = this.#input
    if (source instanceof TextReader) this.#texts = () => source.texts
    this.#source = source
    return loadConfig(flags, environment, source.configFiles)
  }

  #tryToPrepare(loaded: LoadedConfig, logger: Logger): PreparedProgram | undefined {
    try {
      const program = this.prepare(loaded, logger)
      const [problem] = program.problems
      if (problem !== undefined) throw problem
      warn(logger, loaded.warnings)
      return program
    } catch (thrown) {
      logger.error('configuration not reloaded, the old one stays', errorFields(thrown))
      return undefined
    }
  }
}

export function warn(logger: Logger, warnings: readonly Issue[]): void {
  for (const issue of warnings) logger.warn('configuration', { problem: formatIssue(issue) })
}

function refuse(logger: Logger, issues: readonly Issue[]): void {
  for (const issue of issues) {
    logger.error('configuration refused, the old one stays', { problem: formatIssue(issue) })
  }
}
