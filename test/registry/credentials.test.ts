import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allCredentials, credentials, registryOf } from '../../src/registry/credentials.ts'

const HUB = 'https://index.docker.io/v1/'
const base64 = (text: string) => Buffer.from(text).toString('base64')

let bin: string
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'gantry-helpers-'))
  // Answers with the registry it was asked for, as a helper does.
  const script = (body: string) => `#!/bin/sh\nread -r registry\n${body}\n`
  const helpers: Record<string, string> = {
    desktop: `printf '{"ServerURL":"%s","Username":"me","Secret":"s-%s"}' "$registry" "$registry"`,
    token: `printf '{"Username":"<token>","Secret":"tok"}'`,
    empty: `echo 'credentials not found in native keychain'; exit 1`,
    broken: `echo 'hunter2 is not JSON'`,
    locked: `echo 'hunter2: the keychain is locked'; exit 2`,
  }
  for (const [name, body] of Object.entries(helpers)) {
    await writeFile(join(bin, `docker-credential-${name}`), script(body))
    await chmod(join(bin, `docker-credential-${name}`), 0o755)
  }
})
afterAll(() => rm(bin, { recursive: true }))

async function options(config?: object | string, env: Record<string, string> = {}) {
  const home = await mkdtemp(join(bin, 'home-'))
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  if (config !== undefined) await writeFile(join(home, 'config.json'), text)
  return { home, env: { PATH: `${bin}:${process.env['PATH']}`, DOCKER_CONFIG: home, ...env } }
}

test.each([
  ['busybox', HUB],
  ['library/busybox:1', HUB],
  ['docker.io/library/busybox', HUB],
  ['registry.example/app', 'registry.example'],
  ['localhost/app', 'localhost'],
  ['127.0.0.1:5000/a/b@sha256:00', '127.0.0.1:5000'],
])('the registry of %s is %s', (reference, registry) => expect(registryOf(reference)).toBe(registry))

test('nothing stored is no credentials', async () => {
  expect(await credentials(HUB, await options())).toBeUndefined()
  expect(await credentials(HUB, await options({ auths: { other: { auth: base64('a:b') } } }))).toBeUndefined()
  expect(await credentials(HUB, await options(''))).toBeUndefined()
})

test('a stored password may hold colons', async () => {
  const given = await options({ auths: { 'r.example': { auth: base64('me:a:b') } } })
  expect(await credentials('r.example', given)).toEqual({ username: 'me', password: 'a:b', serveraddress: 'r.example' })
})

test('a registry is found under its address as well', async () => {
  const given = await options({ auths: { 'https://r.example/v2/': { auth: base64('me:x') } } })
  expect(await credentials('r.example', given)).toMatchObject({ username: 'me' })
})

test('an identity token is sent instead of a password', async () => {
  const given = await options({ auths: { 'r.example': { auth: base64('me:'), identitytoken: 'tok' } } })
  expect(await credentials('r.example', given)).toEqual({
    username: 'me',
    identitytoken: 'tok',
    serveraddress: 'r.example',
  })
})

test('the store is asked, and a helper of the registry’s own before it', async () => {
  const given = await options({ credsStore: 'desktop', credHelpers: { 'r.example': 'token' } })
  expect(await credentials(HUB, given)).toEqual({ username: 'me', password: `s-${HUB}`, serveraddress: HUB })
  expect(await credentials('r.example', given)).toEqual({ identitytoken: 'tok', serveraddress: 'r.example' })
})

test('a store that has none leaves what the file says', async () => {
  const auths = { 'r.example': { auth: base64('me:x') } }
  expect(await credentials('r.example', await options({ credsStore: 'empty', auths }))).toMatchObject({ password: 'x' })
  expect(await credentials('r.example', await options({ credsStore: 'empty' }))).toBeUndefined()
})

test('a helper that fails is told by its name, and not taken for one that has nothing', async () => {
  const auths = { 'r.example': { auth: base64('me:x') } }
  await expect(credentials('r.example', await options({ credsStore: 'locked', auths }))).rejects.toThrow(
    /^the credential helper "docker-credential-locked" failed for registry "r.example" \(exit code 2\)$/,
  )
})

test('DOCKER_AUTH_CONFIG comes before the file', async () => {
  const given = { auths: { 'r.example': { auth: base64('env:x') } } }
  const file = { auths: { 'r.example': { auth: base64('file:y') }, 's.example': { auth: base64('file:y') } } }
  const both = await options(file, { DOCKER_AUTH_CONFIG: JSON.stringify(given) })
  expect(await credentials('r.example', both)).toMatchObject({ username: 'env' })
  expect(await credentials('s.example', both)).toMatchObject({ username: 'file' })
})

test('all that is known, by registry', async () => {
  const given = await options({
    auths: { 'r.example': { auth: base64('me:x') }, 'gone.example': {} },
    credHelpers: { 's.example': 'token' },
  })
  expect(Object.keys(await allCredentials(given)).toSorted()).toEqual(['r.example', 's.example'])
})

test('no error repeats a secret', async () => {
  const broken = credentials(HUB, await options({ credsStore: 'broken' }))
  await expect(broken).rejects.toThrow('the answer of "docker-credential-broken" is not JSON')
  await expect(broken).rejects.not.toThrow('hunter2')
  await expect(credentials(HUB, await options('{"auths":{"x":{"auth":"hunter2"'))).rejects.not.toThrow('hunter2')
  await expect(credentials(HUB, await options({ credsStore: 'absent' }))).rejects.toThrow(
    'the credential helper "docker-credential-absent" cannot be run: there is no such program',
  )
})
