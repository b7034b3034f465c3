import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaksIn } from '../../../src/load/check/leaks.ts'
import { bundle } from '../../../src/load/remote/bundle.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { placed } from '../../../src/text/source.ts'
import { aFolder } from '../../kit/folder.ts'

function bundled(files: Readonly<Record<string, string>>, named = ['compose.yaml']) {
  const directory = aFolder(files)
  const problems: Problem[] = []
  const found = bundle({
    files: named.map(name => join(directory, name)),
    directory,
    cwd: directory,
    environment: { WHICH: 'a' },
    report: problem => void problems.push(problem),
  })
  return { found, problems, names: found.map(({ kind, name }) => `${kind} ${name.replace(/[0-9a-f]{64}/, 'HASH')}`) }
}

describe('the files of a project travel', () => {
  test('as they are written, with comments and variables', () => {
    const text = '# why\nservices:\n  a:\n    image: ${X:-a} # because\n'
    expect(bundled({ 'compose.yaml': text }).found).toMatchObject([{ name: 'compose.yaml', kind: 'compose', text }])
  })

  test('in the order in which they are laid over each other', () => {
    const { names } = bundled({ 'b.yaml': 'services: {}', 'a.yaml': 'services: {}' }, ['b.yaml', 'a.yaml'])
    expect(names).toEqual(['compose b.yaml', 'compose a.yaml'])
  })

  test('with their env files, which get names without directories, however they are named', () => {
    const { found, names } = bundled({
      'compose.yaml': [
        'services:',
        '  a: {image: a, env_file: env/a.env}',
        '  b: {image: a, env_file: ["env/${WHICH}.env", {path: ./b.env, required: false}]} # both',
        '  c: {image: a, env_file: {path: none.env, required: false}}',
        '',
      ].join('\n'),
      'env/a.env': 'A=1\n',
      'b.env': 'B=2\n',
    })
    expect(names).toEqual(['compose compose.yaml', 'env HASH.env', 'env HASH.env'])
    const [compose, a, b] = found
    expect([a!.text, b!.text]).toEqual(['A=1\n', 'B=2\n'])
    expect(compose!.text).toBe(
      [
        'services:',
        `  a: {image: a, env_file: ${a!.name}}`,
        `  b: {image: a, env_file: [${a!.name}, {path: ${b!.name}, required: false}]} # both`,
        '  c: {image: a, env_file: {path: none.env, required: false}}',
        '',
      ].join('\n'),
    )
  })

  test('with the files that they extend, whose own paths are relative to themselves, round in a circle as well', () => {
    const { found, names } = bundled({
      'compose.yaml': 'services:\n  a: {extends: {file: base/b.yaml, service: b}}\n  z: {image: z}\n',
      'base/b.yaml':
        'services:\n  b: {extends: {file: ../compose.yaml, service: z}, env_file: b.env}\n  c: {extends: {service: b}}\n',
      'base/b.env': 'B=1\n',
    })
    expect(names).toEqual(['compose compose.yaml', 'extended HASH.yaml', 'extended HASH.yaml', 'env HASH.env'])
    const [compose, base, again, env] = found
    expect(compose!.text).toContain(`file: ${base!.name}`)
    expect(base!.text).toContain(`file: ${again!.name}, service: z}, env_file: ${env!.name}}`)
    expect(again!.text).toBe(compose!.text)
  })

  test('under the same names from any folder', () => {
    const files = { 'compose.yaml': 'services:\n  a: {image: a, env_file: a.env}\n', 'a.env': 'A=1\n' }
    expect(bundled(files).found.map(file => file.name)).toEqual(bundled(files).found.map(file => file.name))
  })

  test('through an alias once', () => {
    const text = 'x-env: &env a.env\nservices:\n  a: {image: a, env_file: *env}\n  b: {image: b, env_file: *env}\n'
    const { found } = bundled({ 'compose.yaml': text, 'a.env': 'A=1\n' })
    expect(found[0]!.text).toBe(text.replace('&env a.env', `&env ${found[1]!.name}`))
  })
})

test('what is included, and files of labels, cannot travel; parts that lie elsewhere stay where they are', () => {
  const { problems, names } = bundled({
    'compose.yaml':
      'include:\n  - other.yaml\n  - oci://r.example/part:1\n  - path: [more.yaml]\nservices:\n  a: {image: a, label_file: labels}\n  b: {extends: {file: oci://r.example/x, service: y}}\n',
  })
  expect(problems.map(({ code, at }) => `${code} ${placed(at!)}`)).toEqual([
    'include-not-published compose.yaml:2',
    'include-not-published compose.yaml:4',
    'label-file-not-published compose.yaml:6',
  ])
  expect(names).toEqual(['compose compose.yaml'])
})

describe('what should perhaps not leave this machine', () => {
  const leaks = (files: Readonly<Record<string, string>>) =>
    leaksIn(bundled(files).found).map(({ kind, what, at }) => `${kind} ${what} ${placed(at)}`)

  // Put together here, so that nobody who looks for secrets finds these.
  const key = `AKIA${'IOSFODNN7EXAMPLE'}`
  const github = `ghp_${'0123456789abcdefghijABCDEFGHIJ012345'}`

  test('are keys and tokens in any file that goes, in comments as well', () => {
    expect(
      leaks({
        'compose.yaml': `services:\n  a:\n    image: a # ${key}\n    command: login ${github}\n    env_file: a.env\n`,
        'a.env': `URL=https://me:${'pass'}word@db.example/x\nPEM="-----BEGIN ${'RSA'} PRIVATE KEY-----"\n`,
      }),
    ).toEqual([
      'secret an AWS access key compose.yaml:3',
      'secret a GitHub token compose.yaml:4',
      'secret a password in a URL a.env:1',
      'secret a private key a.env:2',
    ])
  })

  test('are values of variables that look secret by their names, and contents of configs, where they stand in the file', () => {
    expect(
      leaks({
        'compose.yaml': [
          'services:',
          '  a: {image: a, environment: {DB_PASSWORD: x, API_TOKEN: "${API_TOKEN}", PLAIN: x, EMPTY_SECRET: ""}}',
          '  b: {image: a, environment: [DB_PASSWORD=x, DB_PASSWORD, "API_TOKEN=$T"], env_file: b.env}',
          'configs: {c: {content: x}, d: {content: "${D}"}}',
        ].join('\n'),
        'b.env': 'A=1\nexport SECRET_KEY=x\n',
      }),
    ).toEqual([
      'environment DB_PASSWORD compose.yaml:2',
      'environment DB_PASSWORD compose.yaml:3',
      'content c compose.yaml:4',
      'environment SECRET_KEY b.env:2',
    ])
  })

  test('is shown as stars, all of it and whatever is told', () => {
    const text = `services:\n  a: {image: a, command: ${key}, environment: {DB_PASSWORD: hunter2}}\n`
    for (const { at } of leaksIn(bundled({ 'compose.yaml': text }).found)) {
      expect(at.source.text).toHaveLength(text.length)
      expect(at.source.text).not.toMatch(/AKIA|hunter2/)
      expect(at.source.text.slice(at.start, at.end)).toMatch(/^\*+$/)
    }
  })
})
