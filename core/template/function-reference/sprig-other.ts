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
  ['adler32sum TEXT', '{{ sprig_adler32sum "x" }}', '7929977'],
  [
    'buildCustomCert CERTIFICATE KEY',
    '{{ $made := sprig_genCA "example" 365 }}{{ $ca := sprig_buildCustomCert (base64Encode $made.Cert) (base64Encode $made.Key) }}{{ eq $ca.Cert $made.Cert }}',
    'true',
  ],
  ['genCA NAME DAYS', '{{ (sprig_genCA "example" 365).Cert }}'],
  [
    'genCAWithKey NAME DAYS KEY',
    '{{ (sprig_genCAWithKey "example" 365 (sprig_genPrivateKey "ecdsa")).Cert }}',
  ],
  [
    'genSelfSignedCert NAME ADDRESSES NAMES DAYS',
    '{{ (sprig_genSelfSignedCert "example" (sprig_list "10.0.0.1") (sprig_list "app") 365).Cert }}',
  ],
  [
    'genSelfSignedCertWithKey NAME ADDRESSES NAMES DAYS KEY',
    '{{ (sprig_genSelfSignedCertWithKey "example" nil nil 365 (sprig_genPrivateKey "ecdsa")).Cert }}',
  ],
  [
    'genSignedCert NAME ADDRESSES NAMES DAYS CA',
    '{{ (sprig_genSignedCert "app" nil nil 365 (sprig_genCA "example" 365)).Cert }}',
  ],
  [
    'genSignedCertWithKey NAME ADDRESSES NAMES DAYS CA KEY',
    '{{ (sprig_genSignedCertWithKey "app" nil nil 365 (sprig_genCA "example" 365) (sprig_genPrivateKey "ecdsa")).Cert }}',
  ],
  [
    'derivePassword COUNTER TYPE PASSWORD USER SITE',
    '{{ sprig_derivePassword 1 "long" "password" "user" "example.com" }}',
    'ZedaFaxcZaso9*',
  ],
  ['bcrypt TEXT', '{{ sprig_bcrypt "x" }}'],
  ['htpasswd USER PASSWORD', '{{ sprig_htpasswd "ada" "x" }}'],
  [
    'encryptAES PASSWORD TEXT',
    '{{ sprig_encryptAES "password" "x" | sprig_decryptAES "password" }}',
    'x',
  ],
  [
    'decryptAES PASSWORD TEXT',
    '{{ sprig_encryptAES "password" "x" | sprig_decryptAES "password" }}',
    'x',
  ],
  ['genPrivateKey KIND', '{{ sprig_genPrivateKey "ecdsa" }}'],
  ['ago TIME', '{{ sprig_ago (sprig_toDate "2006-01-02" "2026-01-02") }}', '3h4m5s'],
  ['duration SECONDS', '{{ sprig_duration "95" }}', '1m35s'],
  ['durationRound DURATION', '{{ sprig_durationRound "2h10m5s" }}', '2h'],
  ['toDate LAYOUT TEXT', '{{ (sprig_toDate "2006-01-02" "2026-01-02").Year }}', '2026'],
  ['mustToDate LAYOUT TEXT', '{{ (sprig_mustToDate "2006-01-02" "2026-01-02").Year }}', '2026'],
  [
    'must_date_modify DURATION TIME',
    '{{ (sprig_must_date_modify "24h" (sprig_toDate "2006-01-02" "2026-01-02")).Day }}',
    '3',
  ],
  [
    'mustDateModify DURATION TIME',
    '{{ (sprig_mustDateModify "24h" (sprig_toDate "2006-01-02" "2026-01-02")).Day }}',
    '3',
  ],
  [
    'unixEpoch TIME',
    '{{ sprig_unixEpoch (sprig_toDate "2006-01-02" "2026-01-02") }}',
    '1767312000',
  ],
  ['semver TEXT', '{{ (sprig_semver "1.2.3").Minor }}', '2'],
  ['semverCompare CONSTRAINT TEXT', '{{ sprig_semverCompare "^1.2" "1.4.0" }}', 'true'],
  ['urlParse TEXT', '{{ (sprig_urlParse "https://a.example/x?q=1").host }}', 'a.example'],
  [
    'urlJoin MAP',
    '{{ sprig_urlJoin (sprig_dict "scheme" "https" "host" "a.example" "path" "/x") }}',
    'https://a.example/x',
  ],
]

export const sprigOtherEntries: readonly FunctionEntry[] = describeRows('sprig', rows, 'sprig_')
