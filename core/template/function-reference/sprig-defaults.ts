/** Sprig’s functions for defaults, types, JSON and encodings. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['b64enc TEXT', '{{ sprig_b64enc "hello" }}', 'aGVsbG8='],
  ['b64dec TEXT', '{{ sprig_b64dec "aGVsbG8=" }}', 'hello'],
  ['b32enc TEXT', '{{ sprig_b32enc "hello" }}', 'NBSWY3DP'],
  ['b32dec TEXT', '{{ sprig_b32dec "NBSWY3DP" }}', 'hello'],
  ['default DEFAULT VALUE', '{{ "" | sprig_default "x" }}', 'x'],
  ['empty VALUE', '{{ sprig_empty "" }}', 'true'],
  ['coalesce VALUE…', '{{ sprig_coalesce "" "x" "y" }}', 'x'],
  ['all VALUE…', '{{ sprig_all 1 "x" }}', 'true'],
  ['any VALUE…', '{{ sprig_any 0 "x" }}', 'true'],
  ['ternary YES NO CONDITION', '{{ true | sprig_ternary "yes" "no" }}', 'yes'],
  ['fail MESSAGE', '{{ if false }}{{ sprig_fail "a user is needed" }}{{ end }}', ''],
  ['toJson VALUE', '{{ sprig_toJson (sprig_list 1 2) }}', '[1,2]'],
  ['mustToJson VALUE', '{{ sprig_mustToJson (sprig_list 1 2) }}', '[1,2]'],
  ['toPrettyJson VALUE', '{{ sprig_toPrettyJson (sprig_list 1) }}', '[\n  1\n]'],
  ['mustToPrettyJson VALUE', '{{ sprig_mustToPrettyJson (sprig_list 1) }}', '[\n  1\n]'],
  ['toRawJson VALUE', '{{ sprig_toRawJson "<&>" }}', '"<&>"'],
  ['mustToRawJson VALUE', '{{ sprig_mustToRawJson "<&>" }}', '"<&>"'],
  ['fromJson TEXT', '{{ index (sprig_fromJson "[1,2]") 1 }}', '2'],
  ['mustFromJson TEXT', '{{ index (sprig_mustFromJson "[1,2]") 1 }}', '2'],
  ['typeOf VALUE', '{{ sprig_typeOf 1 }}', 'int'],
  ['kindOf VALUE', '{{ sprig_kindOf (sprig_list 1) }}', 'slice'],
  ['typeIs TYPE VALUE', '{{ sprig_typeIs "string" "x" }}', 'true'],
  ['typeIsLike TYPE VALUE', '{{ sprig_typeIsLike "string" "x" }}', 'true'],
  ['kindIs KIND VALUE', '{{ sprig_kindIs "slice" (sprig_list 1) }}', 'true'],
  ['deepEqual A B', '{{ sprig_deepEqual (sprig_list 1) (sprig_list 1) }}', 'true'],
  ['hello', '{{ sprig_hello }}', 'Hello!'],
]

export const sprigDefaultsEntries: readonly FunctionEntry[] = describeRows('sprig', rows, 'sprig_')
