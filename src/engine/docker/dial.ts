import type { Agent, ClientRequest, RequestOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Place } from '../place.ts'
import type { Inlet } from './inlet.ts'
import { sshConnections } from './ssh.ts'

/** How requests to one place are made: everything about sockets, nothing about what is asked. */
export interface Wire {
  /** With `through` on a connection of its own, whose bytes come through there. */
  request(options: RequestOptions, through?: Inlet): ClientRequest
  /** A connection by itself, on which requests are written by hand, their paths after `base`. */
  connect(): Duplex
  readonly base: string
  /** Connections that are kept for the next short call. */
  readonly pool: Agent
  close(): void
}

// `import` of node:http as an ES module loads undici as well, 25 ms; asking the process for it takes 1 (Node 22 to 26).
const http = () => process.getBuiltinModule('node:http')
const https = () => process.getBuiltinModule('node:https')
const net = () => process.getBuiltinModule('node:net')

// More calls at once than steps of a plan; over ssh each is a process, and sshd turns away what comes ten at a time.
const POOLED = 64
const POOLED_SSH = 6

export function wire(place: Place): Wire {
  switch (place.kind) {
    case 'socket': {
      const pool = new (http().Agent)({ keepAlive: true, maxSockets: POOLED })
      // Not told a servername, which only TLS needs, Node looks whether the Host is an IPv6 address: 5 ms for the first time.
      const to = { socketPath: place.path, servername: '' }
      return {
        pool,
        base: '',
        connect: () => net().connect({ path: place.path }),
        request: (options, through) =>
          http().request({ ...(through ? own(options, () => through.connect({ path: place.path })) : options), ...to }),
        close: () => pool.destroy(),
      }
    }
    case 'tcp': {
      const { host, port, base, tls } = place
      const to = (options: RequestOptions) => ({ ...options, host, port, path: base + options.path })
      if (!tls) {
        const pool = new (http().Agent)({ keepAlive: true, maxSockets: POOLED })
        return {
          pool,
          base,
          connect: () => net().connect({ host, port }),
          request: (options, through) =>
            http().request(to(through ? own(options, () => through.connect({ host, port })) : options)),
          close: () => pool.destroy(),
        }
      }
      const { ca, cert, key, verify } = tls
      const secrets = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized: verify }
      const pool = new (https().Agent)({ keepAlive: true, maxSockets: POOLED, ...secrets })
      return {
        pool,
        base,
        // Its servername is to be a name.
        connect: () =>
          process
            .getBuiltinModule('node:tls')
            .connect({ host, port, ...secrets, ...(net().isIP(host) === 0 && { servername: host }) }),
        request: options => https().request({ ...to(options), ...secrets }),
        close: () => pool.destroy(),
      }
    }
    case 'ssh': {
      const ssh = sshConnections(place)
      const pool = new (http().Agent)({ keepAlive: true, maxSockets: POOLED_SSH })
      pool.createConnection = () => ssh.connect()
      return {
        pool,
        base: '',
        connect: () => ssh.connect(),
        request: options => http().request(options.agent ? options : own(options, () => ssh.connect())),
        close: () => {
          pool.destroy()
          ssh.close()
        },
      }
    }
  }
}

/** node:http heeds `createConnection` only where no agent is named, not even `false`. */
function own({ agent: _, ...options }: RequestOptions, createConnection: () => Duplex): RequestOptions {
  return { ...options, createConnection }
}
