/** Go’s own functions. Source: text/template/funcs.go. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['and A B…', '{{ and true "x" }}', 'x'],
  ['or A B…', '{{ or "" "fallback" }}', 'fallback'],
  ['not A', '{{ not false }}', 'true'],
  ['len ITEM', '{{ len "abc" }}', '3'],
  [
    'index ITEM KEY…',
    '{{ with secret "secret/data/app" }}{{ index .Data.data "user" }}{{ end }}',
    'ada',
  ],
  ['slice ITEM FROM? TO?', '{{ slice "abcdef" 1 3 }}', 'bc'],
  ['call FUNCTION ARGUMENT…', '{{ if false }}{{ call .Function 1 }}{{ end }}', ''],
  ['print VALUE…', '{{ print "a" 1 2 "b" }}', 'a1 2b'],
  ['println VALUE…', '{{ println "a" 1 }}', 'a 1\n'],
  ['printf FORMAT VALUE…', '{{ printf "%s:%05d" "db" 5432 }}', 'db:05432'],
  ['html VALUE…', '{{ html "<a & b>" }}', '&lt;a &amp; b&gt;'],
  ['js VALUE…', '{{ js "it\'s" }}', "it\\'s"],
  ['urlquery VALUE…', '{{ urlquery "a b&c" }}', 'a+b%26c'],
  ['eq A B…', '{{ eq 1 2 1 }}', 'true'],
  ['ne A B', '{{ ne "a" "b" }}', 'true'],
  ['lt A B', '{{ lt 1 2 }}', 'true'],
  ['le A B', '{{ le 2 2 }}', 'true'],
  ['gt A B', '{{ gt 1 2 }}', 'false'],
  ['ge A B', '{{ ge 2 2 }}', 'true'],
]

export const goEntries: readonly FunctionEntry[] = describeRows('Go text/template', rows)
