import { describe, expect, test, vi } from 'vitest'
import type { PullOptions } from '../../../src/engine/engine.ts'
import { EngineError, isEngineError } from '../../../src/engine/errors.ts'
import { pull } from '../../../src/local/images/pull.ts'
import type { Performing, Progress } from '../../../src/local/perform/perform.ts'
import { waiter } from '../../../src/local/perform/wait.ts'
import { imageUnit } from '../../../src/local/units.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { fakeEngine } from '../../kit/fake-engine.ts'

interface Registry {
  /** What each pull in turn ends with; the last is repeated. */
  readonly answers?: readonly (string | EngineError | undefined)[]
  readonly platforms?: readonly string[]
  readonly says?: (options: PullOptions) => void
}

/** What became of one pull: how often it was tried, what was told, and the error. */
async function pulled(
  { answers = [undefined], platforms, says }: Registry,
  step: {
    readonly image?: string
    readonly platform?: string
    readonly tolerate?: boolean
    readonly refresh?: boolean
  } = {},
) {
  let count = 0
  const problems: Problem[] = []
  const told: Progress[] = []
  const tagged: string[] = []
  const engine = {
    ...fakeEngine().engine,
    imagePlatforms: async () => platforms ?? [],
    tagImage: async (image: string, as: string) => void tagged.push(`${image} as ${as}`),
    async pullImage(_: string, options: PullOptions) {
      says?.(options)
      const answer = answers[Math.min(count++, answers.length - 1)]
      if (answer !== undefined) throw typeof answer === 'string' ? new EngineError('failed', answer) : answer
    },
  }
  const context: Performing = {
    engine,
    signal: new AbortController().signal,
    waiter: waiter(engine, 'shop'),
    warn: problem => void problems.push(problem),
    progress: progress => void told.push(progress),
  }
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    const image = step.image ?? 'r.example/web:1'
    const work = pull({ op: 'pull-image', image, ...step }, imageUnit(image), context).then(
      () => undefined,
      (error: unknown) => error,
    )
    await vi.runAllTimersAsync()
    const error = await work
    return { count, problems, told, tagged, error: isEngineError(error) ? error : undefined }
  } finally {
    vi.useRealTimers()
  }
}

describe('a line that was cut', () => {
  test.each([
    'unexpected EOF',
    'read tcp 10.0.0.1:4->10.0.0.2:443: read: connection reset by peer',
    'Get "https://r.example/v2/": net/http: TLS handshake timeout',
    'received unexpected HTTP status: 503 Service Unavailable',
    'error pulling image configuration: read tcp 10.0.0.1:4->10.0.0.2:443: i/o timeout',
  ])('is tried again, and told: %s', async message => {
    const { count, problems, error } = await pulled({ answers: [message, message, undefined] })
    expect([count, error]).toEqual([3, undefined])
    expect(problems.map(problem => problem.message)).toEqual([
      `pulling image "r.example/web:1" was cut off and is tried again (2 of 4): ${message}`,
      `pulling image "r.example/web:1" was cut off and is tried again (3 of 4): ${message}`,
    ])
  })

  test('is given up after four times', async () => {
    const { count, error } = await pulled({ answers: ['unexpected EOF'] })
    expect([count, error?.message]).toEqual([4, 'unexpected EOF'])
    expect(error).toMatchObject({ hint: expect.stringContaining('its line was cut 4 times') })
  })

  test.each([
    'manifest for r.example/web:1 not found: manifest unknown: manifest unknown',
    'Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    'no space left on device',
    'error pulling image configuration: download failed after attempts=6: dial tcp 1.2.3.4:443: i/o timeout',
  ])('is not what else may fail: %s', async message => {
    expect((await pulled({ answers: [message] })).count).toBe(1)
  })
})

describe('another platform', () => {
  test('is looked for before anything is moved', async () => {
    const platforms = ['linux/amd64', 'linux/arm/v7']
    const { count, error } = await pulled({ platforms }, { platform: 'linux/arm64' })
    expect([count, error?.message]).toEqual([
      0,
      'image "r.example/web:1" is not there for linux/arm64, but for linux/amd64, linux/arm/v7',
    ])
  })

  test.each(['linux/arm64', 'linux/arm64/v8', 'linux'])('is there: %s', async platform => {
    expect((await pulled({ platforms: ['linux/arm64/v8'] }, { platform })).count).toBe(1)
  })

  test('is pulled on trust where an engine cannot ask', async () => {
    expect((await pulled({}, { platform: 'linux/arm64' })).count).toBe(1)
  })

  test('than the one of this machine is told where there is only that', async () => {
    const message = 'no matching manifest for linux/amd64 in the manifest list entries'
    const { error } = await pulled({ answers: [message], platforms: ['linux/arm64'] })
    expect(error?.hint).toBe('it is there for linux/arm64: name one as "platform"')
  })
})

describe('what can be done is told', () => {
  test.each([
    [
      new EngineError('denied', 'pull access denied for r.example/web'),
      "check the image's name, and log in: docker login r.example (a registry may say so, too, of an image that it does not have)",
    ],
    [
      'manifest for r.example/web:1 not found: manifest unknown',
      'check the name and the tag; where it is private, log in: docker login r.example',
    ],
    [
      'Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client',
      'the registry speaks no TLS: name "r.example" under "insecure-registries" of the engine (Podman: "insecure" in registries.conf), if it may',
    ],
    [
      'Get "https://r.example/v2/": x509: certificate signed by unknown authority',
      "put the registry's authority into /etc/docker/certs.d/r.example/ca.crt on the engine's machine",
    ],
    [
      'Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
      'check the name, and network and proxy of the engine',
    ],
  ])('of %s', async (answer, hint) => {
    expect((await pulled({ answers: [answer] })).error?.hint).toBe(hint)
  })

  test('without a host for Docker Hub', async () => {
    const answers = [new EngineError('denied', 'pull access denied for web')]
    expect((await pulled({ answers }, { image: 'web' })).error?.hint).toContain('log in: docker login (')
  })
})

test('a pull that may fail warns and ends well', async () => {
  const { problems, error } = await pulled({ answers: ['manifest unknown'] }, { tolerate: true })
  expect(error).toBeUndefined()
  expect(problems.map(problem => problem.code)).toEqual(['pull-failed'])
})

test('what an engine warns of while it pulls is told, the rest only of layers', async () => {
  const { problems, told } = await pulled({
    says({ onProgress }) {
      onProgress?.({ layer: '', status: 'Pulling from library/web' })
      onProgress?.({ layer: '0123456789ab', status: 'Downloading', current: 1, total: 2 })
      onProgress?.({ layer: '', status: 'WARNING: image with reference web was found but does not match' })
    },
  })
  expect(told).toEqual([
    { unit: imageUnit('r.example/web:1'), part: '0123456789ab', text: 'Downloading', current: 1, total: 2 },
  ])
  expect(problems.map(problem => problem.message)).toEqual(['image with reference web was found but does not match'])
})

test.each([
  ['r.example/web:1', ['r.example/web:1 as r.example/web:1']],
  [`r.example/web@sha256:${'a'.repeat(64)}`, []],
])('what is pulled again after a time is named anew, so that the time begins anew: %s', async (image, tagged) => {
  expect((await pulled({}, { image, refresh: true })).tagged).toEqual(tagged)
  expect((await pulled({}, { image })).tagged).toEqual([])
})
