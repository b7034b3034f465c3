import { describe, expect, test } from 'vitest'
import { type Images, localImages } from '../../../src/local/images/images.ts'
import { type ImageOptions, imagePlan } from '../../../src/local/images/plan.ts'
import type { Service } from '../../../src/model/project.ts'
import { format } from '../../../src/plan/plan.ts'
import { UserError } from '../../../src/text/problem.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'
import { anImage } from '../../kit/image.ts'
import { aProject } from '../../kit/project.ts'

/** An engine that has the images of these services, and these by name. */
const has = (...names: readonly string[]): Images => ({
  of: service => (names.includes(service) ? anImage() : undefined),
  named: reference => (names.includes(reference) ? anImage() : undefined),
})

const planned = (services: Readonly<Record<string, Service>>, images: Images, options?: ImageOptions) =>
  imagePlan(aProject(services), images, options)
const steps = (...of: Parameters<typeof planned>) => format(planned(...of)).split('\n')
const verdicts = (...of: Parameters<typeof planned>) =>
  planned(...of).changes.map(({ unit, verdict, why }) => `${verdict} ${unit.name} (${why[0]!.code})`)

const build = { context: '/srv/shop', dockerfile: 'Dockerfile' }

test('nothing is to be done where the engine has every image', () => {
  expect(planned({ a: { image: 'x' }, b: { build } }, has('a', 'b'))).toEqual({ changes: [], steps: [], questions: [] })
})

test('a missing image is pulled once, however many services run it', () => {
  expect(steps({ a: { image: 'x' }, b: { image: 'x' }, c: { image: 'y' } }, has())).toEqual([
    '[] -> #1 x: pull-image (missing)',
    '[] -> #2 y: pull-image (missing)',
  ])
})

test('an image for two platforms is pulled for each', () => {
  const services = { a: { image: 'x', platform: 'linux/amd64' }, b: { image: 'x', platform: 'linux/arm64' } }
  expect(planned(services, has()).steps.map(p => p.step)).toEqual([
    { op: 'pull-image', image: 'x', platform: 'linux/amd64' },
    { op: 'pull-image', image: 'x', platform: 'linux/arm64' },
  ])
})

test('a service that is only built is built', () => {
  expect(steps({ web: { build } }, has())).toEqual(['[] -> #1 shop-web: build-image (missing)'])
})

test('a missing image that has a name is pulled first, and built if that brings nothing', () => {
  const plan = planned({ web: { build, image: 'x' } }, has())
  expect(format(plan).split('\n')).toEqual([
    '[] -> #1 x: pull-image (missing)',
    '[1] -> #2 x: build-image (not-pulled)',
  ])
  expect(plan.steps[0]!.step).toMatchObject({ tolerate: true })
  expect(plan.steps[1]!.step).toMatchObject({ unlessPresent: true })
})

test('a service that runs what another builds does not fail on its pull', () => {
  const plan = planned({ web: { build, image: 'x', pull_policy: 'build' }, worker: { image: 'x' } }, has())
  expect(format(plan).split('\n')).toEqual(['[] -> #1 x: pull-image (missing)', '[1] -> #2 x: build-image (missing)'])
  expect(plan.steps[0]!.step).toMatchObject({ tolerate: true })
  expect(plan.steps[1]!.step).not.toHaveProperty('unlessPresent')
})

test('what a policy or a flag repeats on every run is a check and no change', () => {
  const services = { a: { image: 'x', pull_policy: 'always' }, b: { build, pull_policy: 'build' } }
  expect(verdicts(services, has('a', 'b'))).toEqual(['check x (policy)', 'check shop-b (policy)'])
  expect(verdicts({ b: { build } }, has('b'), { build: true })).toEqual(['check shop-b (forced)'])
  // Of the command itself.
  expect(verdicts({ b: { build } }, has('b'), { build: true, allPlatforms: true })).toEqual(['check shop-b (asked)'])
  expect(verdicts({ a: { image: 'x' } }, has('a'), { pull: 'always' })).toEqual(['check x (forced)'])
  expect(verdicts(services, has())).toEqual(['pull x (missing)', 'build shop-b (missing)'])
})

describe('flags', () => {
  test('--pull stands in for every policy, and "policy" for none', () => {
    const services = { a: { image: 'x', pull_policy: 'always' } }
    expect(verdicts(services, has('a'), { pull: 'missing' })).toEqual([])
    expect(verdicts(services, has('a'), { pull: 'policy' })).toEqual(['check x (policy)'])
  })
  test('--build wins over --pull where there is something to build', () => {
    expect(verdicts({ a: { build, image: 'x' } }, has('a'), { pull: 'always', build: true })).toEqual([
      'check x (forced)',
    ])
    expect(planned({ a: { build, image: 'x' } }, has('a'), { pull: 'always', build: true }).steps[0]!.step.op).toBe(
      'build-image',
    )
  })
  test('--no-build pulls what has a name, and refuses what has none', () => {
    expect(steps({ a: { build, image: 'x' } }, has(), { noBuild: true })).toEqual(['[] -> #1 x: pull-image (missing)'])
    expect(() => planned({ a: { build } }, has(), { noBuild: true })).toThrow(
      'service "a" has no image yet, and building is switched off',
    )
  })
  test('a missing image that must not be pulled is told before anything is done', () => {
    expect(() => planned({ a: { image: 'x', pull_policy: 'never' } }, has())).toThrow(
      'the engine does not have image "x" of service "a", and pull policy "never" keeps it from being pulled',
    )
  })
})

describe('builds', () => {
  test('equal ones are one, which is given all names', () => {
    const plan = planned({ a: { build }, b: { build }, c: { build: { ...build, target: 't' } } }, has())
    expect(plan.steps.map(p => p.step.op === 'build-image' && p.step.build.tags)).toEqual([
      ['shop-a', 'shop-b'],
      ['shop-c'],
    ])
    expect(plan.changes.map(c => c.unit.name)).toEqual(['shop-a', 'shop-b', 'shop-c'])
  })
  test('a build waits for those of the services that it depends on', () => {
    const services: Record<string, Service> = {
      app: { build, depends_on: { base: { condition: 'service_started', required: true } } },
      base: { build: { ...build, target: 'base' } },
    }
    expect(steps(services, has())).toEqual([
      '[] -> #1 shop-base: build-image (missing)',
      '[1] -> #2 shop-app: build-image (missing)',
    ])
  })
  test('all that the builder cannot do is refused at once, and only where something is built', () => {
    const services = { a: { build: { ...build, ssh: { default: '' } } }, b: { build: { ...build, privileged: true } } }
    expect(() => planned(services, has())).toThrow(UserError)
    try {
      planned(services, has())
    } catch (error) {
      expect((error as UserError).problems).toHaveLength(2)
    }
    expect(steps(services, has('a', 'b'))).toEqual([''])
  })
})

test('images of mounts and hooks are pulled too', () => {
  const services: Record<string, Service> = {
    a: {
      image: 'x',
      volumes: [{ type: 'image', source: 'files', target: '/f' }],
      pre_start: [{ image: 'migrate' }, { image: 'x' }],
    },
  }
  expect(steps(services, has('a', 'files'))).toEqual(['[] -> #1 migrate: pull-image (missing)'])
})

describe('what the engine has', () => {
  const { info, imageStore } = fakeEngine().engine
  const builder = { info, imageStore }
  test('is asked once per image', async () => {
    const asked: string[] = []
    const engine = {
      inspectImage: async (reference: string) => {
        asked.push(reference)
        return reference === 'x' ? anImage() : undefined
      },
      ...builder,
    }
    const images = await localImages(engine, aProject({ a: { image: 'x' }, b: { image: 'x' }, c: { build } }))
    expect(asked.toSorted()).toEqual(['shop-c', 'x'])
    expect([images.of('a'), images.of('b'), images.of('c')].map(Boolean)).toEqual([true, true, false])
  })
  test('does not count where it is for another platform', async () => {
    const engine = { inspectImage: async () => anImage({ os: 'linux', arch: 'amd64' }), ...builder }
    const images = await localImages(
      engine,
      aProject({ a: { image: 'x', platform: 'linux/arm64' }, b: { image: 'x', platform: 'linux/amd64' } }),
    )
    expect([images.of('a'), images.of('b')].map(Boolean)).toEqual([false, true])
  })
})
