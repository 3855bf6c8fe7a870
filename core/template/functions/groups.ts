/** Every template function's name, and where it is defined: what no template uses need not be evaluated. */
import { builtinFunctions } from './builtin.ts'
import { catalogFunctions } from './catalog.ts'
import { collectionFunctions } from './collection.ts'
import { comparisonFunctions } from './comparison.ts'
import { conversionFunctions } from './conversion.ts'
import { debugFunctions } from './debug.ts'
import { encodingFunctions } from './encoding.ts'
import { formattingFunctions } from './formatting.ts'
import type { GoFunction } from './function.ts'
import { jsonFunctions } from './json.ts'
import { machineFunctions } from './machine.ts'
import { mathFunctions } from './math.ts'
import { regexFunctions } from './regex.ts'
import { scopeFunctions } from './scope.ts'
import { sockaddrFunctions } from './sockaddr.ts'
import { sprigCaseFunctions } from './sprig-case.ts'
import { sprigCertificateFunctions } from './sprig-certificate.ts'
import { sprigCryptoFunctions } from './sprig-crypto.ts'
import { sprigDateFunctions } from './sprig-date.ts'
import { sprigDecimalFunctions } from './sprig-decimal.ts'
import { sprigDefaultsFunctions } from './sprig-defaults.ts'
import { sprigDictFunctions } from './sprig-dict.ts'
import { sprigListFunctions } from './sprig-list.ts'
import { sprigMathFunctions } from './sprig-math.ts'
import { sprigPathFunctions } from './sprig-path.ts'
import { sprigSemverFunctions } from './sprig-semver.ts'
import { sprigStringFunctions } from './sprig-string.ts'
import { sprigUrlFunctions } from './sprig-url.ts'
import { textFunctions } from './text.ts'
import { tomlFunctions } from './toml.ts'
import { vaultFunctions } from './vault.ts'
import { yamlFunctions } from './yaml.ts'

export interface FunctionGroup {
  readonly names: readonly string[]
  /** Asked for when one of them is used. */
  readonly functions: () => readonly GoFunction[]
}

function group(names: string, functions: FunctionGroup['functions']): FunctionGroup {
  return { names: names.split(' '), functions }
}

/** Go's own, which no operator can take away. */
export const builtinGroups: readonly FunctionGroup[] = [
  group(
    'and or not len index slice call print println printf html js urlquery',
    () => builtinFunctions,
  ),
  group('eq ne lt le gt ge', () => comparisonFunctions),
]

export const functionGroups: readonly FunctionGroup[] = [
  group('explode byKey byMeta byTag byPort', () => catalogFunctions),
  group('spew_sdump spew_sprintf spew_dump spew_printf', () => debugFunctions),
  group('file plugin writeToFile', () => machineFunctions),
  group(
    'regexMatch regexReplaceAll sprig_regexMatch sprig_mustRegexMatch sprig_regexQuoteMeta sprig_regexFind sprig_mustRegexFind sprig_regexFindAll sprig_mustRegexFindAll sprig_regexSplit sprig_mustRegexSplit sprig_regexReplaceAll sprig_mustRegexReplaceAll sprig_regexReplaceAllLiteral sprig_mustRegexReplaceAllLiteral',
    () => regexFunctions,
  ),
  group('sockaddr', () => sockaddrFunctions),
  group(
    'sprig_abbrev sprig_abbrevboth sprig_title sprig_untitle sprig_swapcase sprig_camelcase sprig_snakecase sprig_kebabcase sprig_nospace sprig_initials sprig_shuffle sprig_wrap sprig_wrapWith',
    () => sprigCaseFunctions,
  ),
  group(
    'sprig_buildCustomCert sprig_genCA sprig_genCAWithKey sprig_genSelfSignedCert sprig_genSelfSignedCertWithKey sprig_genSignedCert sprig_genSignedCertWithKey',
    () => sprigCertificateFunctions,
  ),
  group(
    'sprig_derivePassword sprig_bcrypt sprig_htpasswd sprig_encryptAES sprig_decryptAES sprig_genPrivateKey',
    () => sprigCryptoFunctions,
  ),
  group(
    'sprig_ago sprig_duration sprig_durationRound sprig_toDate sprig_mustToDate sprig_must_date_modify sprig_mustDateModify sprig_unixEpoch',
    () => sprigDateFunctions,
  ),
  group(
    'sprig_addf sprig_add1f sprig_subf sprig_mulf sprig_divf sprig_round sprig_toDecimal sprig_randInt',
    () => sprigDecimalFunctions,
  ),
  group('sprig_semver sprig_semverCompare', () => sprigSemverFunctions),
  group('sprig_urlParse sprig_urlJoin', () => sprigUrlFunctions),
  group(
    'in contains containsAll containsAny containsNone containsNotAll explodeMap mergeMap mergeMapWithOverride',
    () => collectionFunctions,
  ),
  group('parseBool parseFloat parseInt parseUint loop', () => conversionFunctions),
  group(
    'base64Encode base64Decode base64URLEncode base64URLDecode sha256Hex sprig_b64enc sprig_b64dec hmacSHA256Hex sprig_b32enc sprig_b32dec sprig_adler32sum md5sum',
    () => encodingFunctions,
  ),
  group('shellQuote envLine exportLine dotenv properties ini pem', () => formattingFunctions),
  group('toJSON toJSONPretty toUnescapedJSON toUnescapedJSONPretty parseJSON', () => jsonFunctions),
  group('add subtract multiply divide modulo minimum maximum', () => mathFunctions),
  group('env mustEnv envOrDefault scratch timestamp executeTemplate', () => scopeFunctions),
  group(
    'sprig_default sprig_empty sprig_coalesce sprig_all sprig_any sprig_ternary sprig_fail sprig_toJson sprig_mustToJson sprig_toPrettyJson sprig_mustToPrettyJson sprig_toRawJson sprig_mustToRawJson sprig_fromJson sprig_mustFromJson sprig_typeOf sprig_kindOf sprig_typeIs sprig_typeIsLike sprig_kindIs sprig_deepEqual',
    () => sprigDefaultsFunctions,
  ),
  group(
    'sprig_dict sprig_get sprig_set sprig_unset sprig_hasKey sprig_pluck sprig_keys sprig_values sprig_pick sprig_omit sprig_merge sprig_mustMerge sprig_mergeOverwrite sprig_mustMergeOverwrite sprig_deepCopy sprig_mustDeepCopy sprig_dig',
    () => sprigDictFunctions,
  ),
  group(
    'sprig_list sprig_tuple sprig_concat sprig_first sprig_mustFirst sprig_last sprig_mustLast sprig_rest sprig_mustRest sprig_initial sprig_mustInitial sprig_reverse sprig_mustReverse sprig_uniq sprig_mustUniq sprig_compact sprig_mustCompact sprig_append sprig_mustAppend sprig_push sprig_mustPush sprig_prepend sprig_mustPrepend sprig_without sprig_mustWithout sprig_has sprig_mustHas sprig_slice sprig_mustSlice sprig_chunk sprig_mustChunk',
    () => sprigListFunctions,
  ),
  group(
    'sprig_add sprig_add1 sprig_sub sprig_div sprig_mod sprig_mul sprig_max sprig_biggest sprig_min sprig_maxf sprig_minf sprig_ceil sprig_floor sprig_int sprig_int64 sprig_float64 sprig_atoi sprig_until sprig_untilStep sprig_seq',
    () => sprigMathFunctions,
  ),
  group(
    'sprig_base sprig_osBase sprig_dir sprig_osDir sprig_clean sprig_osClean sprig_ext sprig_osExt sprig_isAbs sprig_osIsAbs',
    () => sprigPathFunctions,
  ),
  group(
    'sprig_trim sprig_upper sprig_lower sprig_trimAll sprig_trimall sprig_trimPrefix sprig_trimSuffix sprig_contains sprig_hasPrefix sprig_hasSuffix sprig_replace sprig_plural sprig_trunc sprig_substr sprig_repeat sprig_indent sprig_nindent sprig_quote sprig_squote sprig_cat sprig_toString sprig_toStrings sprig_join sprig_sortAlpha sprig_split sprig_splitn sprig_hello sprig_splitList sprig_sha1sum sprig_sha256sum sprig_sha512sum',
    () => sprigStringFunctions,
  ),
  group(
    'toUpper toLower toTitle trimSpace trim trimPrefix trimSuffix split join replaceAll splitToMap indent',
    () => textFunctions,
  ),
  group('toTOML', () => tomlFunctions),
  group('secret secrets pkiCert', () => vaultFunctions),
  group('toYAML parseYAML', () => yamlFunctions),
]
