import { expect } from 'vitest'
import { refusingRegistry } from '../kit/refusing-registry.ts'
import { scenario } from '../kit/scenario.ts'
import { causes, errorsBy, toldBy } from '../kit/told.ts'

scenario(
  'an image that cannot be pulled is told with what the registry says, and what to do',
  'why-images',
  async s => {
    const registry = await refusingRegistry()
    s.afterwards(async () => registry.close())
    const { stderr } = await s.gantry('--file pulled.yaml --progress json up --detach', {
      env: { REGISTRY: registry.host },
      exit: 1,
    })
    const told = toldBy(stderr)
    expect(causes(told)).toEqual({
      'auth-required': ['auth-required'],
      denied: ['auth-required'],
      'image-not-found': ['image-not-found'],
      'manifest-no-platform': ['manifest-no-platform'],
      'limit-reached': ['registry-unreachable'],
      'registry-unreachable': ['registry-unreachable'],
    })
    const of = (service: string) => told.find(one => one.service === service)!
    expect(of('image-not-found').at).toMatchObject({ file: 'pulled.yaml', line: 7 })
    expect(of('manifest-no-platform').message).toMatch(/ is not there for linux\/\w+, but for linux\/s390x$/)
    expect(of('registry-unreachable')).toMatchObject({
      message:
        'nothing listens at the registry "127.0.0.1:1", which has "127.0.0.1:1/shop/app:2" of "registry-unreachable"',
      fix: 'pull_policy: missing',
      at: { line: 14 },
    })
  },
)

scenario('what is no name of an image is told with its line, and nothing is asked for', 'why-images', async s => {
  const { stderr } = await s.gantry('--file named.yaml --progress json up --detach', { exit: 1 })
  expect(errorsBy(stderr).map(({ code, at }) => [code, at?.line])).toEqual([
    ['image-name-invalid', 5],
    ['image-name-invalid', 3],
  ])
})

scenario('an image that cannot be built is told with the part that is missing or wrong', 'why-images', async s => {
  const { stderr } = await s.gantry('--file built.yaml --progress json build', { exit: 1 })
  const told = toldBy(stderr)
  expect(causes(told)).toEqual({
    'copy-missing': ['build-copy-missing'],
    'copy-ignored': ['build-copy-missing'],
    'step-failed': ['build-step-failed'],
    'tool-missing': ['build-step-failed'],
    'no-such-stage': ['build-input-missing'],
    'no-such-instruction': ['build-input-missing'],
    'no-dockerfile': ['build-input-missing'],
    'no-context': ['build-input-missing'],
    'no-secret': ['build-input-missing'],
    'no-base': ['registry-unreachable'],
  })
  const of = (service: string) => told.find(one => one.service === service)!
  expect(of('copy-missing').message).toBe(
    'the build of "copy-missing" copies "nosuch.txt", which is not in its context',
  )
  expect(of('copy-ignored').message).toBe(
    'the build of "copy-ignored" copies "ignored.txt", which .dockerignore leaves out',
  )
  expect(of('tool-missing').message).toBe('the build of "tool-missing" failed: "RUN nosuchtool" ended with 127')
  expect(of('no-dockerfile').at?.line).toBe(42)
})
