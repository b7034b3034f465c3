import { describe, expect, test } from 'vitest'
import { watchRules } from '../../../src/actions/watch/rules.ts'
import { ignore } from '../../../src/local/build/ignore.ts'
import type { Service, WatchRule } from '../../../src/model/project.ts'
import { UserError } from '../../../src/text/problem.ts'
import { aProject } from '../../kit/project.ts'

const rule = (parts: Partial<WatchRule> = {}): WatchRule => ({
  action: 'sync',
  path: '/srv/shop/src',
  target: '/app',
  ...parts,
})

function only(parts: Partial<WatchRule> = {}, dockerignore?: string) {
  const project = aProject({ web: { develop: { watch: [rule(parts)] } } })
  const context = dockerignore === undefined ? undefined : { root: '/srv/shop', rules: ignore(dockerignore) }
  return watchRules(project, [], () => context).rules[0]!
}

describe('a path is a rule’s business', () => {
  test('where it lies in the rule’s path, or is that', () => {
    expect(only().wants('/srv/shop/src/a/b.js')).toBe(true)
    expect(only({ path: '/srv/shop/package.json' }).wants('/srv/shop/package.json')).toBe(true)
    expect(only().wants('/srv/shop/srcs/a')).toBe(false)
    expect(only().wants('/srv/shop/README.md')).toBe(false)
  })

  test('not where the rule ignores it, counted from the rule’s path', () => {
    const { wants, reaches } = only({ ignore: ['node_modules', '**/*.log'] })
    expect(wants('/srv/shop/src/node_modules/x/index.js')).toBe(false)
    expect(reaches('/srv/shop/src/node_modules')).toBe(false)
    expect(wants('/srv/shop/src/a/debug.log')).toBe(false)
    expect(wants('/srv/shop/src/a/debug.js')).toBe(true)
  })

  test('only what is included, where something is', () => {
    const { wants, reaches } = only({ include: ['**/*.ts'] })
    expect(wants('/srv/shop/src/a/b.ts')).toBe(true)
    expect(wants('/srv/shop/src/a/b.css')).toBe(false)
    expect(reaches('/srv/shop/src/a')).toBe(true)
  })

  test('not where the build’s .dockerignore leaves it out, counted from the context', () => {
    const { wants, reaches } = only({}, 'src/generated\n*.tmp\n')
    expect(wants('/srv/shop/src/generated/x')).toBe(false)
    expect(reaches('/srv/shop/src/generated')).toBe(false)
    expect(wants('/srv/shop/src/x')).toBe(true)
  })

  test('an ignore file that allows a few things allows them here, too', () => {
    const { wants, reaches } = only({}, '*\n!src/lib\n')
    expect(wants('/srv/shop/src/lib/a.js')).toBe(true)
    expect(wants('/srv/shop/src/other.js')).toBe(false)
    expect(reaches('/srv/shop/src')).toBe(true)
  })

  test.each([
    '.git/HEAD',
    'a/.git/index',
    '.a.js.swp',
    'a.js~',
    '4913',
    '.#a.js',
    '#a.js#',
    'a.js___jb_tmp___',
    '.a.kate-swp',
  ])('never what git or an editor leaves: %s', name => {
    expect(only().wants(`/srv/shop/src/${name}`)).toBe(false)
  })
})

test('a file goes below the target as it lies below the path; a file that is the path goes to the target itself', () => {
  expect(only().inContainer('/srv/shop/src/a/b.js')).toBe('/app/a/b.js')
  expect(only({ path: '/srv/shop/nginx.conf', target: '/etc/nginx.conf' }).inContainer('/srv/shop/nginx.conf')).toBe(
    '/etc/nginx.conf',
  )
})

test('what a bind mount brings in is not sent, and that is told', () => {
  const web: Service = {
    develop: { watch: [rule()] },
    volumes: [{ type: 'bind', source: '/srv/shop', target: '/app' }],
  }
  const { rules, problems } = watchRules(aProject({ web }), [], () => undefined)
  expect(rules).toEqual([])
  expect(problems.map(problem => problem.code)).toEqual(['watch-bind-mount'])
})

test('where no selected service has rules, that is refused by naming the section', () => {
  const project = aProject({ web: { develop: { watch: [rule()] } }, db: {} })
  expect(() => watchRules(project, ['db'], () => undefined)).toThrow(UserError)
  expect(() => watchRules(project, ['db'], () => undefined)).toThrow("'develop' section")
})
