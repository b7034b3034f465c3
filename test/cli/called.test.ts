import { describe, expect, test } from 'vitest'
import { asCalled, calledBy, metadata } from '../../src/cli/called.ts'

const byDocker = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker' }

test.each([
  ['gantry', {}, 'gantry'],
  ['/usr/local/lib/node_modules/gantry/dist/gantry.cjs', {}, 'gantry'],
  ['C:\\tools\\gantry.exe', {}, 'gantry'],
  ['/root/.docker/cli-plugins/docker-gantry', byDocker, 'docker gantry'],
  ['/root/.docker/cli-plugins/docker-compose', byDocker, 'docker compose'],
  ['C:\\Users\\x\\.docker\\cli-plugins\\docker-compose.exe', byDocker, 'docker compose'],
  ['docker-compose', {}, 'docker-compose'],
])('started as %s', (path, env, program) => {
  expect(calledBy(path, env).program).toBe(program)
})

describe('under docker compose’s name', () => {
  const { version } = calledBy('docker-compose', {})

  test('the version is the one whose behaviour it has, with ours behind a plus', () => {
    expect(version).toMatch(/^5\.5\.0\+gantry-\d+\.\d+\.\d+$/)
  })

  test('the version is one to those who read versions (semver.org, 2.0.0)', () => {
    expect(version).toMatch(
      /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[\w.-]+)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/,
    )
  })

  test('docker is told what it wants to know of a plugin', () => {
    const told = JSON.parse(metadata(calledBy('docker-compose', {}))) as Record<string, string>
    expect(told).toEqual({
      SchemaVersion: '0.1.0',
      Vendor: 'Gantry',
      Version: `v${version}`,
      ShortDescription: expect.any(String),
    })
  })
})

test('commands in a hint are spelled as the program was called', () => {
  const problem = { message: 'no such service: wbe', hint: '"gantry ps --all" shows what there is' }
  expect(asCalled(problem, calledBy('docker-compose', byDocker)).hint).toBe(
    '"docker compose ps --all" shows what there is',
  )
  expect(asCalled(problem, calledBy('gantry', {}))).toEqual(problem)
  expect(asCalled({ message: 'x' }, calledBy('gantry', {}))).toEqual({ message: 'x' })
})
