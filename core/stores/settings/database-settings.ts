import type { SettingTable } from './setting.ts'

export const databaseSettings = {
  url: {
    kind: 'text',
    variable: 'DATABASE_CONNECTION_STRING',
    isDestination: true,
    description:
      '`postgresql://USER@HOST:PORT/DATABASE`, `mysql://…`, `mariadb://…` or `sqlite:///PATH`, without a password; required unless `url_path` is given.',
  },
  url_path: {
    kind: 'path',
    description: 'File with such a URL, which may hold the password.',
  },
  password_path: { kind: 'path', description: 'File of the password, read for each connection.' },
  table: {
    kind: 'text',
    description: 'Table with the columns key, value and last_updated. Default `secret`.',
  },
  tls: {
    kind: 'choice',
    values: ['verify', 'off'],
    description:
      'Whether connections are encrypted and the server’s certificate verified. Default `verify`, but for loopback and unix sockets.',
  },
  connections: { kind: 'count', description: 'Connections at one time. Default 2.' },
} as const satisfies SettingTable
