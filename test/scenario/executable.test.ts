import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject } from 'vitest'
import { program } from '../kit/program.ts'
import { type Scene, scenario } from '../kit/scenario.ts'

const run = promisify(execFile)
const docker = ['/usr/local/bin/docker', '/usr/bin/docker'].find(existsSync)

scenario('one executable file is the command, and a plugin of the docker command', 'up-detached', async s => {
  const gantry = join(s.folder, 'gantry')
  await run(process.execPath, ['build/executable.ts', gantry])
  const images = Object.entries(inject('images')).map(([image, name]) => [image.toUpperCase(), name])
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: s.folder,
    DOCKER_HOST: s.host,
    COMPOSE_PROJECT_NAME: s.project,
    ...(Object.fromEntries(images) as Record<string, string>),
  }
  const call = async (file: string, ...args: string[]) => (await run(file, args, { cwd: s.folder, env: env })).stdout

  expect(await call(gantry, 'version', '--short')).toMatch(/^\d+\.\d+\.\d+\n$/)
  await expect(call(gantry, '--env-file', 'nosuch', 'config')).rejects.toThrow("couldn't find env file")

  // What somebody else put there is not touched without being told.
  const theirs = await program(join(s.folder, '.docker/cli-plugins'), 'docker-compose', 'echo theirs')
  const before = readFileSync(theirs, 'utf8')
  await expect(call(gantry, 'plugin', 'install', '--compose')).rejects.toThrow("is not Gantry's")
  expect(readFileSync(theirs, 'utf8')).toBe(before)
  await call(gantry, 'plugin', 'install', '--compose', '--replace')

  const asDocker = byDocker(s, call)
  expect(await asDocker('compose', 'version', '--short')).toMatch(/^5\.5\.0\+gantry-\d+\.\d+\.\d+\n$/)
  await asDocker('compose', 'up', '--detach')
  expect(await s.states()).toEqual(['db-1 running', 'web-1 running'])
  expect(await asDocker('gantry', 'ps')).toContain(`${s.project}-web-1`)
  // What docker was told before our name holds for us.
  await expect(asDocker('--host', 'unix:///nowhere/docker.sock', 'compose', 'ps')).rejects.toThrow(
    '/nowhere/docker.sock',
  )
  await asDocker('compose', 'down', '--timeout', '1')
  expect(await s.containers()).toEqual([])

  await call(gantry, 'plugin', 'remove')
  expect(readFileSync(theirs, 'utf8')).toBe(before)
})

/** The docker command, or where there is none, what it does. */
function byDocker({ folder }: Scene, call: (file: string, ...args: string[]) => Promise<string>) {
  if (docker !== undefined) return (...args: string[]) => call(docker, ...args)
  return (...args: string[]) =>
    call(join(folder, '.docker/cli-plugins', `docker-${args.includes('gantry') ? 'gantry' : 'compose'}`), ...args)
}
