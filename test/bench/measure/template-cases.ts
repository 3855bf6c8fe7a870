/** Templates to render: what a pod's annotations typically hold, and one of any size. */

export interface TemplateCase {
  readonly label: string
  readonly text: string
}

export const secretPath = 'secret/data/app'

const hosts = Array.from({ length: 10 }, (_, at) => `{"name": "h${at}", "weight": ${at}}`)

/** The answer to all of them, as the store writes it. */
export const secretJson = `{"data": {"user": "ada", "password": "p@ss \\"w\\" $1", "host": "db.internal", "port": 5432, "hosts": [${hosts.join(', ')}]}, "metadata": {"version": 3}}`

const within = (body: string) => `{{ with secret "${secretPath}" }}${body}{{ end }}`

export const typicalTemplates: readonly TemplateCase[] = [
  {
    label: 'default',
    text: within('{{ range $k, $v := .Data }}{{ $k }}: {{ $v }}\n{{ end }}'),
  },
  { label: 'json', text: within('{{ .Data.data | toJSON }}\n') },
  {
    label: 'environment',
    text: within(
      '{{ with .Data.data }}export DB_USER={{ .user | toJSON }}\nexport DB_PASSWORD={{ .password | toJSON }}\nexport DB_URL="postgres://{{ .user | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port }}/app"\n{{ end }}',
    ),
  },
  {
    label: 'list of hosts',
    text: within(
      '{{ range $i, $h := .Data.data.hosts }}{{ if $i }},{{ end }}\n  server {{ $h.name }}:{{ printf "%s" $h.weight }} {{ if eq $h.name "h3" }}backup{{ else }}weight={{ $h.weight }}{{ end }}{{ end }}\n',
    ),
  },
  { label: 'yaml', text: within('{{ .Data.data | toYAML }}\n') },
]

const line = (at: number) =>
  `setting.${at} = "{{ .Data.data.user }}@{{ .Data.data.host }}:{{ .Data.data.port }}"{{ if eq .Data.data.user "ada" }} # main{{ end }}\n`

/** A configuration file of that many bytes, a little more or less: lines with five actions each. */
export function growTemplate(label: string, bytes: number): TemplateCase {
  const lines = Math.max(1, Math.round(bytes / line(1000).length))
  return { label, text: within(Array.from({ length: lines }, (_, at) => line(at)).join('')) }
}
