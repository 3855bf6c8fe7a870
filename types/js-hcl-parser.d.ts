/** hashicorp/hcl v1 compiled to JavaScript; the part that is used. */
declare module 'js-hcl-parser' {
  /** JSON, or a text that starts with `unable to`. */
  export function parse(text: string): string
}
