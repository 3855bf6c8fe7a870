/** Sprig’s functions for texts and regular expressions. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['trim TEXT', '{{ sprig_trim "  x " }}', 'x'],
  ['upper TEXT', '{{ sprig_upper "ada" }}', 'ADA'],
  ['lower TEXT', '{{ sprig_lower "ADA" }}', 'ada'],
  ['trimAll CUTSET TEXT', '{{ sprig_trimAll "$" "$5$" }}', '5'],
  ['trimall CUTSET TEXT', '{{ sprig_trimall "$" "$5$" }}', '5'],
  ['trimPrefix PREFIX TEXT', '{{ sprig_trimPrefix "v" "v1" }}', '1'],
  ['trimSuffix SUFFIX TEXT', '{{ sprig_trimSuffix "/" "a/" }}', 'a'],
  ['contains PART TEXT', '{{ sprig_contains "b" "abc" }}', 'true'],
  ['hasPrefix PREFIX TEXT', '{{ sprig_hasPrefix "a" "abc" }}', 'true'],
  ['hasSuffix SUFFIX TEXT', '{{ sprig_hasSuffix "c" "abc" }}', 'true'],
  ['replace FROM TO TEXT', '{{ sprig_replace "." "-" "a.b" }}', 'a-b'],
  ['plural ONE MANY COUNT', '{{ sprig_plural "key" "keys" 2 }}', 'keys'],
  ['trunc LENGTH TEXT', '{{ sprig_trunc 3 "abcdef" }}', 'abc'],
  ['substr FROM TO TEXT', '{{ sprig_substr 1 3 "abcdef" }}', 'bc'],
  ['repeat COUNT TEXT', '{{ sprig_repeat 3 "ab" }}', 'ababab'],
  ['indent SPACES TEXT', '{{ sprig_indent 2 "a\\nb" }}', '  a\n  b'],
  ['nindent SPACES TEXT', '{{ sprig_nindent 2 "a" }}', '\n  a'],
  ['quote VALUE…', '{{ sprig_quote "a" 1 }}', '"a" "1"'],
  ['squote VALUE…', '{{ sprig_squote "a" }}', "'a'"],
  ['cat VALUE…', '{{ sprig_cat "a" 1 }}', 'a 1'],
  ['toString VALUE', '{{ sprig_toString 1 }}', '1'],
  ['toStrings LIST', '{{ sprig_toStrings (sprig_list 1 2) }}', '[1 2]'],
  ['join SEPARATOR LIST', '{{ sprig_join "," (sprig_list 1 2) }}', '1,2'],
  ['sortAlpha LIST', '{{ sprig_sortAlpha (sprig_list "b" "a") }}', '[a b]'],
  ['split SEPARATOR TEXT', '{{ (sprig_split "." "a.b")._1 }}', 'b'],
  ['splitList SEPARATOR TEXT', '{{ sprig_splitList "." "a.b" }}', '[a b]'],
]

export const sprigTextEntries: readonly FunctionEntry[] = describeRows('sprig', rows, 'sprig_')
