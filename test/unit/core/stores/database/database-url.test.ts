import { describe, expect, test } from '@jest/globals'
import { parseDatabaseUrl } from '../../../../../core/stores/database/database-url.ts'

describe('the address of a database', () => {
  test.each([
    ['postgresql://u@db.example/keep', { kind: 'postgresql', host: 'db.example', port: 5432 }],
    ['postgres://u@db:80/keep', { port: 80, database: 'keep', user: 'u' }],
    ['postgresql+psycopg2://u:p%40ss@h/d', { user: 'u', password: 'p@ss', host: 'h' }],
    ['mysql+pymysql://u@h/d?charset=utf8mb4', { kind: 'mysql', port: 3306, database: 'd' }],
    ['mariadb://u@[2001:db8::1]:3307/d', { kind: 'mysql', host: '2001:db8::1', port: 3307 }],
    ['postgresql://u@/d?host=/run/postgresql', { host: '', socketPath: '/run/postgresql' }],
    ['postgresql://u@:5433/d?host=/run', { port: 5433, socketPath: '/run', user: 'u' }],
    ['mysql://u@localhost/d?unix_socket=/run/my.sock', { socketPath: '/run/my.sock' }],
    ['postgresql://u@h/d', { isInTheClear: false, password: undefined, socketPath: undefined }],
    ['postgresql://u@h/d?sslmode=disable', { isInTheClear: true }],
    ['postgresql://u@h/d?sslmode=require', { isInTheClear: false }],
    ['mysql://u@h/d?ssl_disabled=true', { isInTheClear: true }],
    ['sqlite:///var/lib/keep.db', { kind: 'sqlite', database: '/var/lib/keep.db' }],
  ])('%j is read', (text, expected) => {
    expect(parseDatabaseUrl(text, false)).toMatchObject(expected)
  })

  test.each([
    ['sqlite:////var/keep.db?check_same_thread=False', '/var/keep.db'],
    ['sqlite:///./keep.db', `${process.cwd()}/keep.db`],
    ['sqlite:///keep.db', `${process.cwd()}/keep.db`],
  ])('%j is a file as SQLAlchemy has it', (text, database) => {
    expect(parseDatabaseUrl(text, true)).toMatchObject({ kind: 'sqlite', database })
  })

  test.each([
    '',
    'postgresql:',
    'postgresql:u@h/d',
    'postgresql://u@h',
    'postgresql://u@/d',
    'postgresql:///d',
    'oracle://u@h/d',
    'sqlite://',
    'sqlite:///:memory:',
    'mysql://u%zz@h/d',
  ])('%j is none', (text) => {
    expect(() => parseDatabaseUrl(text, true)).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    )
  })
})
