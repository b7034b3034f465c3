import { readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { fileOf, pluginFolder, put, standing, takeAway } from '../../src/cli/plugin-links.ts'
import { program } from '../kit/program.ts'

let home: string
let ours: string
let place: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gantry-plugin-'))
  ours = await program(home, 'gantry', 'echo us')
  place = fileOf(pluginFolder({}, home), 'docker-compose')
})

test('the folder is docker’s, where docker’s is', () => {
  expect(pluginFolder({}, '/home/x')).toBe('/home/x/.docker/cli-plugins')
  expect(pluginFolder({ DOCKER_CONFIG: '/etc/d' }, '/home/x')).toBe('/etc/d/cli-plugins')
})

test('what was nothing is a link to us, and nothing again', async () => {
  expect(await standing(place, ours)).toBe('nothing')
  await put(place, ours)
  expect([await standing(place, ours), readlinkSync(place)]).toEqual(['ours', ours])
  await takeAway(place, ours)
  expect(await readdir(dirname(place))).toEqual([])
})

test('what somebody else put there is kept under a name that docker does not read, and comes back', async () => {
  await program(dirname(place), 'docker-compose', `echo '{"Vendor":"Docker Inc."}'`)
  const before = readFileSync(place, 'utf8')
  expect(await standing(place, ours)).toBe('foreign')
  await put(place, ours)
  expect((await readdir(dirname(place))).filter(name => name.startsWith('docker-'))).toEqual(['docker-compose'])
  expect(await standing(place, ours)).toBe('ours')
  await put(place, ours)
  await takeAway(place, ours)
  expect([readFileSync(place, 'utf8'), await readdir(dirname(place))]).toEqual([before, ['docker-compose']])
})

test('what is not ours is not taken away', async () => {
  await program(dirname(place), 'docker-compose', `echo '{"Vendor":"Docker Inc."}'`)
  await takeAway(place, ours)
  expect(await standing(place, ours)).toBe('foreign')
})

test('a copy of us says who it is, and a link to one of ours that is gone is ours', async () => {
  await program(dirname(place), 'docker-compose', `echo '{"Vendor":"Gantry"}'`)
  expect(await standing(place, ours)).toBe('ours')
  symlinkSync('/gone/dist/gantry.cjs', join(dirname(place), 'docker-gantry'))
  expect(await standing(join(dirname(place), 'docker-gantry'), ours)).toBe('ours')
})

test('a file that docker could not use as a plugin is foreign', async () => {
  await put(place, ours)
  await takeAway(place, ours)
  writeFileSync(place, 'notes')
  expect(await standing(place, ours)).toBe('foreign')
})
