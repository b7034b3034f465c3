import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'
import { createClient } from 'redis'

const { DATABASE_HOST, DATABASE_NAME, DATABASE_USER, DATABASE_PASSWORD_FILE, REDIS_URL, LOG_LEVEL } = process.env

const database = new pg.Pool({
  host: DATABASE_HOST,
  database: DATABASE_NAME,
  user: DATABASE_USER,
  password: readFileSync(DATABASE_PASSWORD_FILE, 'utf8').trim(),
})
database.on('error', error => console.error('database:', error.message))

const redis = createClient({ url: REDIS_URL })
redis.on('error', error => console.error('redis:', error.message))
await redis.connect()

await database.query('create table if not exists notes (id serial primary key, text text not null)')

const routes = {
  'GET /': async () => ({ visits: await redis.incr('visits'), notes: await notes() }),
  'POST /notes': async text => {
    await database.query('insert into notes (text) values ($1)', [text])
    return { notes: await notes() }
  },
  'GET /health': async () => {
    await Promise.all([redis.ping(), database.query('select 1')])
    return { ok: true }
  },
}

async function notes() {
  const { rows } = await database.query('select text from notes order by id')
  return rows.map(row => row.text)
}

async function body(request) {
  let text = ''
  for await (const piece of request) text += piece
  return text
}

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`]
  const answer = (status, value) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`)
  try {
    if (LOG_LEVEL === 'debug') console.log(request.method, request.url)
    if (route) answer(200, await route(await body(request)))
    else answer(404, { error: 'not found' })
  } catch (error) {
    console.error(error)
    answer(500, { error: 'internal error' })
  }
})
server.listen(3000, () => console.log('listening on port 3000'))

process.once('SIGTERM', () => {
  server.close(async () => {
    await Promise.all([redis.quit(), database.end()])
    process.exit(0)
  })
  server.closeIdleConnections()
})
