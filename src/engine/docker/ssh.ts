import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { Place } from '../place.ts'

export interface SshConnections {
  connect(): Duplex
  /** Ends every connection that is still open. */
  close(): void
}

/**
 * Connections through the `ssh` program, each one `docker system dial-stdio` on the far side, as the docker command does it: so the
 * user's keys, agent, known hosts and ~/.ssh/config count.
 */
export function sshConnections(place: Place & { readonly kind: 'ssh' }): SshConnections {
  const open = new Set<Duplex>()
  const args = [
    '-o',
    'ConnectTimeout=30',
    // No terminal: it would change the bytes.
    '-T',
    ...(place.port === undefined ? [] : ['-p', String(place.port)]),
    '--',
    place.destination,
    ...(place.path === undefined ? ['docker'] : ['docker', '--host', quoted(`unix://${place.path}`)]),
    'system',
    'dial-stdio',
  ]
  return {
    connect: () => {
      const connection = overProcess(
        spawn('ssh', args, { stdio: 'pipe', windowsHide: true, detached: true }),
        place.destination,
      )
      open.add(connection)
      connection.once('close', () => open.delete(connection))
      return connection
    },
    close: () => {
      for (const connection of open) connection.destroy()
    },
  }
}

/** ssh hands its words to a shell on the far side. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** A child's standard input and output as one stream that node:http takes for a socket. */
function overProcess(child: ChildProcess, destination: string): Duplex {
  const { stdin, stdout, stderr } = child
  let said = ''
  let answered = false
  stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 4000) said += text
  })
  const duplex = new Duplex({
    read: () => void stdout!.resume(),
    write: (bytes, _encoding, done) => {
      if (stdin!.write(bytes)) done()
      else stdin!.once('drain', done)
    },
    final: done => stdin!.end(done),
    destroy: (error, done) => {
      child.kill()
      done(error)
    },
  })
  stdout!.on('data', (bytes: Buffer) => {
    answered = true
    if (!duplex.push(bytes)) stdout!.pause()
  })
  stdin!.on('error', () => {})
  child.on('error', error =>
    duplex.destroy((error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error('there is no "ssh" program') : error),
  )
  child.on('close', code => {
    // Without an answer, what ssh said is why: a wrong key, an unknown host, no docker there.
    if (answered || code === 0) duplex.push(null)
    else duplex.destroy(new Error(`ssh ${destination}: ${said.trim() || `exit ${code}`}`))
  })
  // What node:http expects of a socket; an idle connection must not keep the process.
  const held = [child, stdin, stdout, stderr] as unknown as readonly { ref?(): void; unref?(): void }[]
  return Object.assign(duplex, {
    setKeepAlive: () => duplex,
    setNoDelay: () => duplex,
    setTimeout: () => duplex,
    ref: () => {
      for (const one of held) one.ref?.()
      return duplex
    },
    unref: () => {
      for (const one of held) one.unref?.()
      return duplex
    },
  })
}
