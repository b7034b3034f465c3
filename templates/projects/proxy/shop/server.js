import { createServer } from 'node:http'

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(request.url === '/health' ? 'ok\n' : `The shop, asked for ${request.url} at ${request.headers.host}\n`)
})
server.listen(3000, () => console.log('listening on port 3000'))
process.once('SIGTERM', () => server.close(() => process.exit(0)).closeIdleConnections())
