// Gives the pages in public/, hands /api on, and tells browsers to load again when a page has changed.
import { createReadStream, statSync, watch } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import { extname, join, normalize } from 'node:path'

const pages = join(import.meta.dirname, 'public')
const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

const listening = new Set()
let timer
watch(pages, { recursive: true }, () => {
  clearTimeout(timer)
  timer = setTimeout(() => {
    for (const response of listening) response.write('data: reload\n\n')
  }, 50)
})

const server = createServer((request, response) => {
  const path = pathOf(request)
  if (path === undefined) return response.writeHead(400).end('bad request\n')
  if (path.startsWith('/api/')) return handOn(request, response)
  if (path === '/reload') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write('\n')
    listening.add(response)
    return request.on('close', () => listening.delete(response))
  }
  // A normalized absolute path leads out of no directory.
  const file = join(pages, normalize(path.endsWith('/') ? `${path}index.html` : path))
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end('not found\n')
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
  })
  createReadStream(file).pipe(response)
})

function pathOf({ url }) {
  try {
    return decodeURIComponent(new URL(url, 'http://web').pathname)
  } catch {
    return undefined
  }
}

function handOn(request, response) {
  const { method, headers, url } = request
  const onward = ask(new URL(url, process.env.API), { method, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.headersSent || response.writeHead(502).end('the API does not answer\n'))
  request.pipe(onward)
}

server.on('clientError', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
server.listen(3000, () => console.log('listening on port 3000'))
process.once('SIGTERM', () => process.exit(0))
