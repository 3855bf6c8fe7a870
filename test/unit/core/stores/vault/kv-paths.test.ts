import { expect, test } from '@jest/globals'
import {
  listedPath,
  localMount,
  mayBeOperation,
  versionedPath,
} from '../../../../../core/stores/vault/kv-paths.ts'

// Source: TestShimKVv2Path of consul-template.
test.each([
  ['secret/data/foo/bar', 'secret/', '', 'secret/data/foo/bar'],
  ['secret/foo/bar', 'secret/', '', 'secret/data/foo/bar'],
  ['secret/data/datafoo/bar', 'secret/', '', 'secret/data/datafoo/bar'],
  ['secret/datafoo/bar', 'secret/', '', 'secret/data/datafoo/bar'],
  ['secret/foodata/foo/bar', 'secret/', '', 'secret/data/foodata/foo/bar'],
  ['secret/metadata/foo/bar', 'secret/', '', 'secret/metadata/foo/bar'],
  ['secret/metadatafoo/foo/bar', 'secret/', '', 'secret/data/metadatafoo/foo/bar'],
  ['secret/foometadata/foo/bar', 'secret/', '', 'secret/data/foometadata/foo/bar'],
  ['secret/subkeys/foo', 'secret/', '', 'secret/subkeys/foo'],
  ['secret/subkeysfoo/foo/bar', 'secret/', '', 'secret/data/subkeysfoo/foo/bar'],
  ['secret/', 'secret/', '', 'secret/data'],
  ['secret', 'secret/', '', 'secret/data'],
  ['c/secret/foo', 'a/b/c/secret/', 'a/b', 'c/secret/data/foo'],
  ['c/secret/data/foo', 'a/b/c/secret/', 'a/b', 'c/secret/data/foo'],
  ['c/secret/random/data/here', 'a/b/c/secret/', 'a/b', 'c/secret/data/random/data/here'],
  ['c/secret/data/random/data/here', 'a/b/c/secret/', 'a/b', 'c/secret/data/random/data/here'],
  ['a/secret/data/foo', 'a/a/secret/', 'a/', 'a/secret/data/foo'],
  ['secret/data/foo', 'secret/secret/', 'secret/', 'secret/data/foo'],
  ['secret/foo', 'secret/secret/', 'secret/', 'secret/data/foo'],
  ['secret/secret/foo', 'secret/secret/', '', 'secret/secret/data/foo'],
  ['secret/secret/data/foo', 'secret/secret/', '', 'secret/secret/data/foo'],
  ['shared-name/secret', 'shared-name/', 'shared-name/', 'shared-name/data/secret'],
])('%s on the mount %s, seen from namespace "%s", is %s', (path, reported, namespace, place) => {
  const mount = localMount(reported, path, namespace === '' ? undefined : namespace)
  expect(mount === undefined ? undefined : versionedPath(path, mount)).toBe(place)
})

test('a mount that does not begin the path is none of it', () => {
  expect(localMount('secret/', 'secrets/app', undefined)).toBeUndefined()
})

test.each([
  ['kv', 'kv/metadata'],
  ['kv/', 'kv/metadata'],
  ['kv/dir', 'kv/metadata/dir'],
  ['kv/metadata/dir', 'kv/metadata/dir'],
])('a listing of %s is one of %s', (path, place) => {
  expect(listedPath(path, 'kv/')).toBe(place)
})

test.each([
  ['kv/config', true],
  ['kv/destroy/app', true],
  ['team/kv/undelete/app', true],
  ['kv/delete', true],
  ['kv/app/configuration', false],
  ['kv/destroyer', false],
])('whether %s may be an operation of a KV v2 mount: %p', (path, may) => {
  expect(mayBeOperation(path)).toBe(may)
})
