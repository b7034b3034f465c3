import { describe, expect, test } from 'vitest'
import { init } from '../../../src/actions/init/init.ts'
import { proposal } from '../../../src/actions/init/propose.ts'
import { load } from '../../../src/load/load.ts'
import { aFolder } from '../../kit/folder.ts'

/** What is proposed for a folder: the last line of its Dockerfile, its port, and the services. */
async function proposed(files: Readonly<Record<string, string>>) {
  const folder = aFolder(files)
  const { template, services, found } = proposal(folder)!
  init(template, { directory: folder, emit: () => {} })
  const { project, problems } = await load({ cwd: folder, env: {} })
  expect(problems).toEqual([])
  const dockerfile = template.files.get('Dockerfile')
  const lines = dockerfile ? Buffer.from(dockerfile.bytes).toString().trim().split('\n') : []
  return { found, lines, last: lines.at(-1), port: project.services['app']!.ports![0]!.target, services }
}

describe('what is proposed for a folder', () => {
  test('with a package.json: how its start script says, by its lock file’s program', async () => {
    const scripts = { start: 'node dist/main.js', build: 'tsc' }
    const needs = { pg: '8', ioredis: '5' }
    const { lines, last, found, services } = await proposed({
      'package.json': JSON.stringify({ scripts, dependencies: needs }),
      'pnpm-lock.yaml': '',
    })
    expect(found).toEqual(['package.json', 'pnpm-lock.yaml'])
    expect(lines).toContain('RUN pnpm install --frozen-lockfile')
    expect(lines).toContain('RUN pnpm run build')
    expect(last).toBe('CMD ["node", "dist/main.js"]')
    expect(services).toEqual(['postgres', 'redis'])
  })

  test.each([
    ['package-lock.json', 'RUN npm ci'],
    ['yarn.lock', 'RUN yarn install --frozen-lockfile'],
    ['README', 'RUN npm install'],
  ])('with %s: %s', async (lock, line) => {
    const { lines, last } = await proposed({ 'package.json': '{"scripts":{"start":"next start"}}', [lock]: '' })
    expect(lines).toContain(line)
    expect(last).toMatch(/^CMD \["(npm|yarn)", "start"\]$/)
  })

  test.each([
    ['fastapi==0.1', 'main.py', 'CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]'],
    ['Flask\n', 'app.py', 'CMD ["flask", "--app", "app", "run", "--host", "0.0.0.0", "--port", "8000"]'],
    ['requests', 'main.py', 'CMD ["python", "main.py"]'],
    ['Django', 'manage.py', 'CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]'],
  ])('with requirements.txt of %j and %s: %s', async (list, file, command) => {
    expect((await proposed({ 'requirements.txt': list, [file]: '' })).last).toBe(command)
  })

  test('with a go.mod: built, and run without the compiler', async () => {
    const { lines, services } = await proposed({
      'go.mod': 'module example.org/shop\n\ngo 1.22\n\nrequire github.com/lib/pq v1.10.9\n',
    })
    expect(lines).toContain('FROM golang:1.25-alpine AS build')
    expect(lines).toContain('USER 65532:65532')
    expect(services).toEqual(['postgres'])
  })

  test('with a Dockerfile: that one, and the port that it exposes', async () => {
    const { lines, port } = await proposed({ Dockerfile: 'FROM scratch\nEXPOSE 9000\n', 'package.json': '{}' })
    expect({ lines, port }).toEqual({ lines: [], port: 9000 })
  })

  test('with pages: nginx', async () => {
    expect((await proposed({ 'index.html': '' })).last).toBe('COPY . /usr/share/nginx/html')
  })

  test('what is there already is left as it is', () => {
    const folder = aFolder({ 'go.mod': 'module a', '.dockerignore': 'mine' })
    expect([...proposal(folder)!.template.files.keys()]).toEqual(['compose.yaml', 'Dockerfile', '.env.example'])
  })

  test('with a Compose file: nothing', () => {
    expect(() => proposal(aFolder({ 'docker-compose.yaml': '' }))).toThrow('"docker-compose.yaml" is there already')
  })

  test('with nothing to go by: nothing', () => {
    expect(proposal(aFolder())).toBe(undefined)
  })
})
