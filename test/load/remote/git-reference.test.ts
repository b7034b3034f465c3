import { describe, expect, test } from 'vitest'
import { commitOf, gitReference } from '../../../src/load/remote/git-reference.ts'
import { remoteKind } from '../../../src/load/remote/remote.ts'
import { UserError } from '../../../src/text/problem.ts'

const [a, b, c] = ['a', 'b', 'c'].map(digit => digit.repeat(40)) as [string, string, string]

test.each([
  ['oci://registry.example/x', 'oci'],
  ['https://example.com/x.git', 'git'],
  ['http://example.com/x.git#main:sub', 'git'],
  ['file:///srv/x.git', 'git'],
  ['git@example.com:x.git', 'git'],
  ['ssh://git@example.com/x', 'git'],
  ['git://example.com/x', 'git'],
  ['github.com/a/b', 'git'],
  ['https://example.com/compose.yaml', undefined],
  ['github.community/compose.yaml', undefined],
  ['./oci:/x', undefined],
  ['x.git', undefined],
])('%s is of kind %s', (path, kind) => expect(remoteKind(path)).toBe(kind))

describe('a git reference', () => {
  test.each([
    ['https://h/x.git', 'https://h/x.git', 'HEAD', ''],
    ['https://h/x.git#', 'https://h/x.git', 'HEAD', ''],
    ['https://h/x.git#main', 'https://h/x.git', 'main', ''],
    ['https://h/x.git#:sub', 'https://h/x.git', 'HEAD', 'sub'],
    ['https://h/x.git#v1/rc:a/../b/', 'https://h/x.git', 'v1/rc', 'b/'],
    ['https://h/x.git#main:/sub', 'https://h/x.git', 'main', 'sub'],
    ['git@h:x.git#main:.', 'git@h:x.git', 'main', ''],
    ['github.com/a/b#main', 'https://github.com/a/b', 'main', ''],
  ])('%s', (text, url, ref, path) => expect(gitReference(text)).toEqual({ url, ref, path }))

  test.each(['#main:..', '#main:a/../../b', '#:/../etc'])('%s leads out of the repository', fragment => {
    expect(() => gitReference(`https://h/x.git${fragment}`)).toThrow('leads out of the repository')
  })

  test.each(['--upload-pack=x', 'a b', 'a..b', 'a*', 'a\nb', 'a^'])('"%s" is no ref', ref => {
    expect(() => gitReference(`https://h/x.git#${ref}`)).toThrow(UserError)
  })
})

describe('the commit of a ref', () => {
  const listing = (...refs: [string, string][]) => refs.map(([id, name]) => `${id}\t${name}\n`).join('')

  test.each([
    ['HEAD', listing([a, 'HEAD'], [b, 'refs/remotes/origin/HEAD']), a],
    ['main', listing([b, 'refs/heads/feature/main'], [a, 'refs/heads/main']), a],
    ['main', listing([a, 'refs/heads/main'], [b, 'refs/tags/main']), a],
    ['v1', listing([b, 'refs/tags/v1'], [a, 'refs/tags/v1^{}']), a],
    ['refs/tags/v1', listing([b, 'refs/tags/v1'], [a, 'refs/tags/v1^{}']), a],
    ['pull/3/head', listing([c, 'refs/pull/3/head']), c],
    ['main', listing([b, 'refs/heads/feature/main']), undefined],
    ['main', '', undefined],
  ])('%s', (ref, text, commit) => expect(commitOf(ref, text)).toBe(commit))
})
