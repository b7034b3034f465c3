import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'

const { DATABASE_HOST, DATABASE_NAME, DATABASE_USER, DATABASE_PASSWORD_FILE } = process.env

const database = new pg.Pool({
  host: DATABASE_HOST,
  database: DATABASE_NAME,
  user: DATABASE_USER,
  password: readFileSync(DATABASE_PASSWORD_FILE, 'utf8').trim(),
})
database.on('error', error => console.error('database:', error.message))
await database.query('create table if not exists messages (id serial primary key, text text not null)')

const routes = {
  'GET /api/messages': messages,
  'POST /api/messages': async text => {
    await database.query('insert into messages (text) values ($1)', [text])
    return messages()
  },
  'GET /api/health': async () => {
    await database.query('select 1')
    return { ok: true }
  },
}

async function messages() {
  const { rows } = await database.query('select text from messages order by id desc limit 50')
  return rows.map(row => row.text)
}

const server = createServer(async (request, response) => {
  const answer = (status, value) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`)
  try {
    let text = ''
    for await (const piece of request) text += piece
    const route = routes[`${request.method} ${request.url}`]
    if (route) answer(200, await route(text))
    else answer(404, { error: 'not found' })
  } catch (error) {
    console.error(error)
    answer(500, { error: 'internal error' })
  }
})
server.listen(4000, () => console.log('listening on port 4000'))

process.once('SIGTERM', () => {
  server.close(() => database.end().then(() => process.exit(0)))
  server.closeIdleConnections()
})
