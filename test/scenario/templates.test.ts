import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect } from 'vitest'
import { provideEngine } from '../../setup/engine.ts'
import { ofTemplates, provideTemplateImages } from '../../setup/images.ts'
import { type Scene, scenario } from '../kit/scenario.ts'

/**
 * Every template as a user has it after `gantry init`. Where no registry is in reach, its images are made of Debian's packages
 * (setup/stand-ins/templates): node (this Node; npm brings nothing, the packages are Debian's), python (pip likewise), Go, nginx,
 * PostgreSQL, Redis, MariaDB, WordPress (behind PHP's own server), Prometheus. Debian has no Grafana: nginx answers in its place.
 */
let images: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  const found = await provideEngine()
  images = await provideTemplateImages(found)
  found.engine.close()
}, 600_000)

function template(name: string, promise: string, play: (scene: Scene) => Promise<void>): void {
  const port = { PORT: '0', PROMETHEUS_PORT: '0', GRAFANA_PORT: '0' }
  const about = { from: 'fixtures/scenario/templates', env: () => port }
  scenario(
    `templates/${name}: ${promise}`,
    `template-${name}`,
    async s => {
      await s.gantry(`init ${name}`)
      await stage(s.folder)
      expect((await s.gantry('config -q')).stderr).toBe('')
      await s.gantry('up --detach --wait')
      await play(s)
      await s.gantry('down --volumes --rmi local')
      expect(await s.containers()).toEqual([])
      expect(await s.engine.networks(s.project)).toEqual([])
      expect(await s.engine.volumes(s.project)).toEqual([])
    },
    about,
  )
}

/** In somebody's own engine stand-ins do not bear official names; and nobody here wants to wait five seconds for each health check. */
async function stage(folder: string): Promise<void> {
  const others = Object.entries(images).filter(([official, called]) => official !== called)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^(?:compose\.yaml|Dockerfile)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path, 'utf8')
    await writeFile(
      path,
      others
        .reduce((now, [official, called]) => now.replaceAll(official, called), text)
        .replaceAll(/interval: \d+s/g, 'interval: 1s'),
    )
  }
}

async function ask(
  s: Scene,
  service: string,
  path: string,
  init: RequestInit & { readonly port?: number } = {},
): Promise<Response> {
  const { NetworkSettings } = await s.container(service)
  const published = Object.entries(NetworkSettings.Ports).flatMap(([port, places]) =>
    init.port === undefined || port === `${init.port}/tcp` ? (places ?? []) : [],
  )
  if (!published[0]) throw new Error(`${service} publishes no port`)
  return fetch(`http://127.0.0.1:${published[0].HostPort}${path}`, { redirect: 'manual', ...init })
}

const text = async (answer: Promise<Response>) => (await answer).text()
const json = async (answer: Promise<Response>): Promise<unknown> => (await answer).json()

template('node', 'visits are counted in Redis, notes are kept in PostgreSQL, over down and up', async s => {
  expect(await json(ask(s, 'app', '/'))).toEqual({ visits: 1, notes: [] })
  expect(await json(ask(s, 'app', '/notes', { method: 'POST', body: 'milk' }))).toEqual({ notes: ['milk'] })
  await s.gantry('down')
  await s.gantry('up --detach --wait')
  expect(await json(ask(s, 'app', '/'))).toEqual({ visits: 2, notes: ['milk'] })
  expect(await s.inside('app', 'id', '-un')).toBe('node')
})

template('python', 'the worker does what the API was asked for', async s => {
  const { id } = (await json(ask(s, 'api', '/jobs?number=7', { method: 'POST' }))) as { id: string }
  const done = await s.eventually(
    () => json(ask(s, 'api', `/jobs/${id}`)) as Promise<{ status: string; result: unknown }>,
    ({ status }) => !['queued', 'started'].includes(status),
  )
  expect(done).toMatchObject({ status: 'finished', result: 49 })
})

template('static', 'the page is there, what is not there is told nicely', async s => {
  expect(await text(ask(s, 'web', '/'))).toContain('<h1>It works</h1>')
  const missing = await ask(s, 'web', '/nothing')
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('<h1>Not found</h1>')])
})

template('go', 'notes go into the database', async s => {
  expect(await json(ask(s, 'api', '/notes', { method: 'POST', body: 'milk' }))).toEqual({ notes: 1 })
  expect(await json(ask(s, 'api', '/health'))).toEqual({ ok: true })
})

template('fullstack', 'messages go through the page’s server and the API into the database', async s => {
  expect(await text(ask(s, 'web', '/'))).toContain('<h1>Messages</h1>')
  expect(await json(ask(s, 'web', '/api/messages', { method: 'POST', body: 'hello' }))).toEqual(['hello'])
  expect((await ask(s, 'web', '/..%2f..%2fserver.js')).status).toBe(404)
  const reload = await ask(s, 'web', '/reload')
  const watching = s.start('watch')
  await watching.says(/[Ww]atch/)
  await s.edit('web/public/index.html', '<h1>Messages</h1>', '<h1>Changed</h1>')
  const told = reload.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  while (!heard.includes('data: reload')) heard += (await told.read()).value ?? ''
  await told.cancel()
  expect(await text(ask(s, 'web', '/'))).toContain('<h1>Changed</h1>')
  watching.signal('SIGINT')
  await watching.ended
})

template('wordpress', 'WordPress has reached its database, and asks how the site is called', async s => {
  const front = await ask(s, 'wordpress', '/')
  expect([front.status, front.headers.get('location')]).toEqual([302, expect.stringContaining('/wp-admin/install.php')])
})

template('observability', 'Prometheus measures itself and the machine; Grafana answers', async s => {
  const up = await s.eventually(
    () =>
      json(ask(s, 'prometheus', '/api/v1/query?query=up')) as Promise<{
        data: { result: { value: [number, string] }[] }
      }>,
    ({ data }) => data.result.length === 2 && data.result.every(({ value }) => value[1] === '1'),
  )
  expect(up.data.result).toHaveLength(2)
  expect((await ask(s, 'grafana', '/api/health')).status).toBe(200)
})

template('proxy', 'each name leads to its application, also after that was started anew', async s => {
  const of = async (name: string) => {
    const { NetworkSettings } = await s.container('gateway')
    const port = NetworkSettings.Ports['8080/tcp']![0]!.HostPort
    return s.inside(
      'gateway',
      'wget',
      '-q',
      '-O',
      '-',
      '--header',
      `Host: ${name}.localhost:${port}`,
      'http://127.0.0.1:8080/x',
    )
  }
  expect(await of('shop')).toMatch(/^The shop, asked for \/x at shop\.localhost/)
  expect(await of('blog')).toMatch(/^The blog, asked for \/x at blog\.localhost/)
  await s.gantry('up --detach --wait --force-recreate shop')
  await s.eventually(
    () => of('shop').catch(String),
    answer => answer.startsWith('The shop'),
  )
  expect((await ask(s, 'gateway', '/')).status).toBe(404)
})

scenario(
  'add: what is put into a file comes up healthy beside what was there',
  'template-add',
  async s => {
    await writeFile(
      join(s.folder, 'compose.yaml'),
      `# ours\nservices:\n  web: { image: ${ofTemplates['templates/redis']} } # first\n`,
    )
    await s.gantry('add postgres mariadb redis')
    await s.gantry('add redis --name cache')
    await stage(s.folder)
    await s.gantry('up --detach --wait')
    expect((await s.states()).map(line => line.split(' ')[0])).toEqual([
      'cache-1',
      'mariadb-1',
      'postgres-1',
      'redis-1',
      'web-1',
    ])
    const asked = 'psql -h 127.0.0.1 -U app -d app -tAc "select 1"'
    const login = `PGPASSWORD=$(cat /run/secrets/postgres_password) ${asked}`
    expect(await s.inside('postgres', 'sh', '-c', login)).toBe('1')
    await s.gantry('down --volumes')
    expect(await s.engine.volumes(s.project)).toEqual([])
  },
  { from: 'fixtures/scenario/templates' },
)

scenario(
  'init: a question that Ctrl-C or the end of the input answers leaves everything as it was',
  'template-ask',
  async s => {
    await writeFile(join(s.folder, 'package.json'), '{"name": "x", "scripts": {"start": "node ."}}')
    const before = await readdir(s.folder)
    for (const key of ['\u0003', '\u0004']) {
      const init = await s.terminal('init')
      await init.says('Write these files? [y/N]')
      init.type(key)
      expect(await init.ended).toEqual({ code: 130, terminal: 'cooked' })
      expect(init.output()).not.toContain('bug')
      expect(await readdir(s.folder)).toEqual(before)
    }
  },
  { from: 'fixtures/scenario/templates' },
)
