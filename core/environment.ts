/** A process's environment as its caller hands it over. */
export type Environment = Readonly<Record<string, string | undefined>>
