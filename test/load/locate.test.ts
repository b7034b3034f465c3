import { describe, expect, test } from 'vitest'
import { memory } from '../../src/load/files.ts'
import { locate } from '../../src/load/locate.ts'
import type { LoadOptions } from '../../src/load/options.ts'
import { type Problem, UserError } from '../../src/text/problem.ts'

function find(files: readonly string[] | Record<string, string>, options: Partial<LoadOptions> = {}) {
  const contents = Array.isArray(files)
    ? Object.fromEntries((files as string[]).map(path => [path, '']))
    : (files as Record<string, string>)
  const problems: Problem[] = []
  try {
    const {
      files: found,
      directory,
      environment,
    } = locate({ cwd: '/home/me/shop', env: {}, ...options }, memory(contents), problem => problems.push(problem))
    const { PWD: _, ...variables } = environment
    return { files: found, directory, environment: variables, problems: problems.map(p => p.message) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.problems.map(p => `${p.message} (${p.hint})`).join('\n')
  }
}

describe('default names', () => {
  test('here, the first of them', () => {
    expect(find(['/home/me/shop/docker-compose.yml', '/home/me/shop/compose.yml'])).toMatchObject({
      files: ['/home/me/shop/compose.yml'],
      problems: [
        'Found multiple config files with supported names: compose.yml, docker-compose.yml; using compose.yml',
      ],
    })
  })

  test('with an override of any default name', () => {
    expect(find(['/home/me/shop/compose.yaml', '/home/me/shop/docker-compose.override.yml'])).toMatchObject({
      files: ['/home/me/shop/compose.yaml', '/home/me/shop/docker-compose.override.yml'],
    })
  })

  test('else in the directories above, which is then the project’s', () => {
    expect(find(['/home/me/compose.yaml'])).toMatchObject({ files: ['/home/me/compose.yaml'], directory: '/home/me' })
  })

  test('none at all', () => {
    expect(find(['/home/me/other.yaml'])).toMatchObject({ files: [], directory: '/home/me/shop' })
  })
})

describe('named files', () => {
  test('are taken as they are, without overrides, and the first gives the directory', () => {
    expect(
      find(['/home/me/shop/deploy/a.yaml', '/home/me/shop/b.yaml', '/home/me/shop/compose.override.yaml'], {
        files: ['deploy/a.yaml', 'b.yaml'],
      }),
    ).toMatchObject({
      files: ['/home/me/shop/deploy/a.yaml', '/home/me/shop/b.yaml'],
      directory: '/home/me/shop/deploy',
    })
  })

  test('standard input has no directory', () => {
    expect(find([], { files: ['-'] })).toMatchObject({ files: ['-'], directory: '/home/me/shop' })
  })

  test('must exist', () => {
    expect(find([], { files: ['nope.yaml'] })).toBe(
      'open /home/me/shop/nope.yaml: no such file or directory (check the path given by -f or COMPOSE_FILE)',
    )
    expect(find(['/home/me/shop/d/x'], { files: ['d'] })).toBe(
      'read /home/me/shop/d: is a directory (name a file in it)',
    )
  })

  test.each(['oci://r.example/x:1', 'https://example.com/r.git#main:sub', 'git@example.com:r.git', 'github.com/a/b'])(
    '%s stays as it is written, and has no directory here',
    path => {
      expect(find([], { files: [path] })).toMatchObject({ files: [path], directory: '/home/me/shop' })
    },
  )

  test('may come from COMPOSE_FILE, also in .env', () => {
    const files = {
      '/home/me/shop/.env': 'COMPOSE_FILE=a.yaml:b.yaml\n',
      '/home/me/shop/a.yaml': '',
      '/home/me/shop/b.yaml': '',
    }
    expect(find(files)).toMatchObject({ files: ['/home/me/shop/a.yaml', '/home/me/shop/b.yaml'] })
    expect(find(files, { env: { COMPOSE_FILE: 'b.yaml' } })).toMatchObject({ files: ['/home/me/shop/b.yaml'] })
    expect(find(files, { env: { COMPOSE_FILE: 'a.yaml,b.yaml', COMPOSE_PATH_SEPARATOR: ',' } })).toMatchObject({
      files: ['/home/me/shop/a.yaml', '/home/me/shop/b.yaml'],
    })
  })

  test('COMPOSE_FILE set to nothing names the directory', () => {
    expect(find(['/home/me/shop/compose.yaml'], { env: { COMPOSE_FILE: '' } })).toMatch('is a directory')
  })
})

describe('environment', () => {
  const env = {
    '/home/me/shop/.env': 'A=here\nB=here\n',
    '/home/me/.env': 'B=above\nC=above\n',
    '/home/me/compose.yaml': '',
  }

  test('.env of the current directory, then of the project', () => {
    expect(find(env)).toMatchObject({ environment: { A: 'here', B: 'here', C: 'above' } })
  })

  test('the process wins, even with nothing', () => {
    expect(find(env, { env: { A: '', B: 'p' } })).toMatchObject({ environment: { A: '', B: 'p', C: 'above' } })
  })

  test('--env-file is read instead of .env, and the later one wins', () => {
    const files = { ...env, '/home/me/shop/a': 'A=a\nB=a\n', '/home/me/shop/b': 'B=b\n' }
    expect(find(files, { env_files: ['a', 'b'] })).toMatchObject({ environment: { A: 'a', B: 'b' } })
    expect(find(files, { env: { COMPOSE_ENV_FILES: 'a,b' } })).toMatchObject({ environment: { A: 'a', B: 'b' } })
    expect(find(files, { env_files: ['/dev/null'] })).toMatchObject({ environment: {} })
  })

  test('an --env-file may lie at home', () => {
    const files = { ...env, '/root/e.env': 'A=home\n' }
    expect(find(files, { env_files: ['~/e.env'], env: { HOME: '/root' } })).toMatchObject({
      environment: { A: 'home' },
    })
  })

  test('an --env-file must exist', () => {
    expect(find(env, { env_files: ['nope'] })).toBe("couldn't find env file: /home/me/shop/nope (check the path)")
  })

  test('COMPOSE_DISABLE_ENV_FILE turns .env off, and must be a truth', () => {
    expect(find(env, { env: { COMPOSE_DISABLE_ENV_FILE: '1' } })).toMatchObject({
      environment: { COMPOSE_DISABLE_ENV_FILE: '1' },
    })
    expect(find(env, { env: { COMPOSE_DISABLE_ENV_FILE: 'yes' } })).toMatch('COMPOSE_DISABLE_ENV_FILE is "yes"')
  })

  test('a directory called .env is none', () => {
    expect(find(['/home/me/shop/.env/x', '/home/me/shop/compose.yaml'])).toMatchObject({ environment: {} })
  })
})

test('--project-directory need not exist, and its .env is read', () => {
  expect(
    find({ '/srv/.env': 'A=srv\n', '/home/me/shop/a.yaml': '' }, { project_directory: '/srv', files: ['a.yaml'] }),
  ).toMatchObject({ directory: '/srv', environment: { A: 'srv' } })
})
