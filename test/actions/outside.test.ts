import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/actions/event.ts'
import { stop } from '../../src/actions/lifecycle.ts'
import type { Project, Service } from '../../src/model/project.ts'
import { type FakeEngine, fakeEngine } from '../kit/fake-engine.ts'
import { aFolder } from '../kit/folder.ts'
import { program } from '../kit/program.ts'
import { aProject } from '../kit/project.ts'
import { changesOf, downWith, quietly, upWith } from '../kit/run.ts'

const METADATA = JSON.stringify({
  description: 'clouds',
  up: { parameters: [{ name: 'size', required: true }, { name: 'zone' }] },
  down: { parameters: [{ name: 'zone' }] },
  stop: {},
})

const cloud: Service = { provider: { type: 'cloud', options: { size: ['xl'], zone: ['a', 'b'], colour: ['red'] } } }
const app: Service = { image: 'app:1', depends_on: { db: { condition: 'service_started', required: true } } }

interface Stage {
  readonly home: string
  readonly project: Project
  readonly fake: FakeEngine
  /** How the program was called, a line each, `metadata` left out. */
  said(): Promise<readonly string[]>
}

/** A project with a provider on the path, which writes down how it is called and then runs these lines. */
async function stage(lines: readonly string[], services: Readonly<Record<string, Service>> = { db: cloud, app }) {
  const home = aFolder()
  await program(
    home,
    'cloud',
    `if [ "$2" = metadata ]; then echo '${METADATA}'; exit; fi`,
    `echo "$*" >> ${home}/calls`,
    ...lines,
  )
  return staged(home, services)
}

function staged(home: string, services: Readonly<Record<string, Service>>, more: Partial<Project> = {}): Stage {
  const environment = { PATH: `${home}:/usr/bin:/bin`, HOME: home, DOCKER_CONFIG: home }
  const project = aProject(services, { environment, working_dir: home, ...more })
  return {
    home,
    project,
    fake: fakeEngine({ images: ['app:1'] }),
    said: async () => (await readFile(join(home, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  }
}

const message = (type: string, text: string) => `echo '${JSON.stringify({ type, message: text })}'`
const envOf = ({ fake }: Stage) => fake.containers().map(c => c.spec.env)

describe('a provider', () => {
  test('is called with the options that it declares, and tells variables to those who depend on it', async () => {
    const s = await stage([message('setenv', 'URL=tcp://a=b'), message('rawsetenv', 'REGION=north')])
    await upWith(s.fake, s.project)
    expect(await s.said()).toEqual(['compose --project-name=shop up --size=xl --zone=a --zone=b db'])
    expect(envOf(s)).toEqual([['DB_URL=tcp://a=b', 'REGION=north']])
  })

  test('is called on every up, and what has not changed is not made anew', async () => {
    const s = await stage([message('setenv', 'URL=a')])
    await upWith(s.fake, s.project)
    const [before] = s.fake.containers()
    expect(await changesOf(s.fake, s.project)).toBe('db check: asked provider\napp-1 check: if-changed environment')
    expect(await s.said()).toHaveLength(1)
    expect((await upWith(s.fake, s.project)).changed).toBe(false)
    expect(await s.said()).toHaveLength(2)
    expect(s.fake.containers().map(c => c.id)).toEqual([before!.id])
  })

  test('that tells another value has its dependants replaced', async () => {
    const s = await stage(['echo "{\\"type\\":\\"setenv\\",\\"message\\":\\"URL=$(cat "$(dirname "$0")/url")\\"}"'])
    for (const url of ['one', 'two']) {
      await writeFile(join(s.home, 'url'), url)
      await upWith(s.fake, s.project)
      expect(envOf(s)).toEqual([[`DB_URL=${url}`]])
    }
  })

  test('tells how far it is', async () => {
    const s = await stage([message('info', 'making a database'), message('debug', 'no word of this')])
    const events: Event[] = []
    await upWith(s.fake, s.project, {}, events)
    expect(events.filter(e => e.type === 'progress').map(e => [e.unit.name, e.text])).toEqual([
      ['db', 'making a database'],
    ])
  })

  test.each([
    [[message('error', 'quota exceeded'), 'exit 0'], 'quota exceeded'],
    [['echo no money >&2', 'exit 3'], 'no money'],
    [['exit 3'], 'it exited with 3'],
    [['echo hello'], 'invalid response from plugin: "hello"'],
    [[message('setenv', 'a value alone')], 'it set a variable without a name'],
  ])('that fails stops the run before anything is made: %j', async (lines, words) => {
    const s = await stage(lines)
    await expect(upWith(s.fake, s.project)).rejects.toThrow(
      `failed to create service "db" through provider "cloud": ${words}`,
    )
    expect(s.fake.calls.filter(c => c.changes)).toEqual([])
  })

  test('takes away and stops what is its own, after the containers', async () => {
    const s = await stage([])
    await upWith(s.fake, s.project)
    await stop('shop', s.project, quietly(s.fake))
    await downWith(s.fake, s.project)
    expect((await s.said()).slice(1)).toEqual([
      'compose --project-name=shop stop db',
      'compose --project-name=shop down --zone=a --zone=b db',
    ])
  })

  test.each([
    ['compose', '"compose" is no provider, as "db" has it'],
    ['nowhere-to-be-found', 'provider "nowhere-to-be-found" of "db" is not installed'],
    ['cloud', 'provider "cloud" of "db" requires the parameter "size"'],
  ])('of type %s is refused by name', async (type, words) => {
    const s = await stage([], { db: { provider: { type } }, app })
    await expect(upWith(s.fake, s.project)).rejects.toThrow(words)
    expect(await s.said()).toEqual([])
  })

  test('that is a docker plugin goes before a program of its name', async () => {
    const s = await stage(['exit 1'])
    await program(s.home, 'cli-plugins/docker-cloud', message('setenv', 'URL=plugin'))
    await upWith(s.fake, s.project)
    expect(envOf(s)).toEqual([['DB_URL=plugin']])
  })
})

describe('a model', () => {
  const services = {
    chat: { image: 'app:1', models: { 'my-llm': null, other: { model_var: 'M', endpoint_var: 'U' } } },
  }
  const models = {
    'my-llm': { model: 'ai/small', context_size: 1024, runtime_flags: ['--x'] },
    other: { model: 'ai/big:2' },
  }
  const dockerModel = (home: string, tags: readonly string[]) =>
    program(
      home,
      'cli-plugins/docker-model',
      `echo "$*" >> ${home}/calls`,
      `case "$1" in`,
      `ls) echo '${JSON.stringify([{ tags }])}' ;;`,
      `status) echo '{"endpoint":"http://runner/"}' ;;`,
      'esac',
    )

  test('is pulled where it is missing, configured, and told to the services that use it', async () => {
    const s = staged(aFolder(), services, { models })
    await dockerModel(s.home, ['docker.io/ai/big:2'])
    expect((await changesOf(s.fake, s.project)).split('\n').slice(0, 2)).toEqual([
      'ai/small pull: missing',
      'ai/big:2 check: asked',
    ])
    await upWith(s.fake, s.project)
    expect((await s.said()).filter(line => /^(pull|configure)/.test(line)).toSorted()).toEqual([
      'configure --context-size 1024 ai/small -- --x',
      'configure ai/big:2',
      'pull ai/small',
    ])
    expect(envOf(s)).toEqual([['M=ai/big:2', 'MY_LLM_MODEL=ai/small', 'MY_LLM_URL=http://runner/', 'U=http://runner/']])
  })

  test('is refused by name where docker has no such plugin, before anything is touched', async () => {
    const s = staged(aFolder(), services, { models })
    await expect(upWith(s.fake, s.project)).rejects.toThrow(
      '"models" of "chat" cannot be honoured: the docker plugin "model" is not installed',
    )
    expect(s.fake.calls.filter(c => c.changes)).toEqual([])
  })
})
