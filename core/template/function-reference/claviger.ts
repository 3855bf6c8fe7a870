/** Functions of our own, which stock agents do not know. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['shellQuote TEXT', '{{ shellQuote "it\'s" }}', "'it'\\''s'"],
  ['envLine NAME VALUE', '{{ envLine "DB_PASSWORD" "a b" }}', "DB_PASSWORD='a b'"],
  ['exportLine NAME VALUE', '{{ exportLine "DB_PASSWORD" "$(id)" }}', "export DB_PASSWORD='$(id)'"],
  [
    'dotenv MAP',
    '{{ with secret "secret/data/app" }}{{ dotenv .Data.data }}{{ end }}',
    "port='5432'\nuser='ada'",
  ],
  [
    'properties MAP',
    '{{ with secret "secret/data/app" }}{{ properties .Data.data }}{{ end }}',
    'port=5432\nuser=ada',
  ],
  ['ini MAP', '{{ ini (sprig_dict "db" (sprig_dict "user" "ada")) }}', '[db]\nuser = ada'],
  [
    'pem DATA PART…',
    '{{ with secret "pki/issue/app" "common_name=app" }}{{ pem .Data "certificate" "ca_chain" }}{{ end }}',
    '-----BEGIN CERTIFICATE-----\nleaf\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----',
  ],
]

export const clavigerEntries: readonly FunctionEntry[] = describeRows('Claviger', rows)
