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
    ['postgresql://u:p#x/y?z@h:5/d', 'u', 'p#x/y?z'],
    ['mysql+pymysql://u%zz:100%@h/d', 'u%zz', '100%'],
    ['postgresql://u:p%40s%C3%A9@h/d', 'u', 'p@sé'],
    ['mysql+pymysql://u:p@/d?unix_socket=/cloudsql/a:b', 'u', 'p'],
    ['postgresql://u:a:b+c@h/d', 'u', 'a:b+c'],
    ['postgresql://u s:p q@h/d', 'u s', 'p q'],
    ['postgresql://u@h/d', 'u', undefined],
  ])('%j has user and password as SQLAlchemy has them', (text, user, password) => {
    expect(parseDatabaseUrl(text, true)).toMatchObject({ user, password, database: 'd' })
  })

  test('a broken escape is none in an address of ours', () => {
    expect(() => parseDatabaseUrl('mysql://u%zz@h/d', false)).toThrow()
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
    'mysql://u@h/d%zz',
  ])('%j is none', (text) => {
    expect(() => parseDatabaseUrl(text, true)).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    )
  })
})
