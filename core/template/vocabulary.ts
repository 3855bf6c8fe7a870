/** The words that annotations and configuration have for what becomes a file. */

/** What a secret without a template can become. */
export const formatNames = ['env', 'dotenv', 'json', 'yaml', 'properties', 'toml', 'raw'] as const
export type FormatName = (typeof formatNames)[number]

/** What templates can be written for; the first is the default. */
export const engineNames = ['go', 'handlebars'] as const
export type EngineName = (typeof engineNames)[number]
