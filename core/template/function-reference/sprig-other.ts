/** Sprig’s functions for certificates, digests, times, versions, URLs and paths. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['base PATH', '{{ sprig_base "/a/b.txt" }}', 'b.txt'],
  ['osBase PATH', '{{ sprig_osBase "/a/b.txt" }}', 'b.txt'],
  ['dir PATH', '{{ sprig_dir "/a/b.txt" }}', '/a'],
  ['osDir PATH', '{{ sprig_osDir "/a/b.txt" }}', '/a'],
  ['clean PATH', '{{ sprig_clean "/a/../b" }}', '/b'],
  ['osClean PATH', '{{ sprig_osClean "/a/../b" }}', '/b'],
  ['ext PATH', '{{ sprig_ext "b.txt" }}', '.txt'],
  ['osExt PATH', '{{ sprig_osExt "b.txt" }}', '.txt'],
  ['isAbs PATH', '{{ sprig_isAbs "/a" }}', 'true'],
  ['osIsAbs PATH', '{{ sprig_osIsAbs "/a" }}', 'true'],
  ['sha1sum TEXT', '{{ sprig_sha1sum "x" }}', '11f6ad8ec52a2984abaafd7c3b516503785c2072'],
  [
    'sha256sum TEXT',
    '{{ sprig_sha256sum "x" }}',
    '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  ],
  ['sha512sum TEXT', '{{ sprig_sha512sum "x" | sprig_trunc 16 }}', 'a4abd4448c49562d'],
]

export const sprigOtherEntries: readonly FunctionEntry[] = describeRows('sprig', rows, 'sprig_')
