import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventMessage, ExecInspectResponse } from '@docker/node-sdk'
import { passing } from '../../base/swept.ts'
import type { Cancel, LogChunk, LogOptions } from '../engine.ts'
import { EngineError } from '../errors.ts'
import type { LiveEngine } from '../live.ts'
import { container, type Docker, execution, orUndefined, told, toldEach } from './docker.ts'
import { followsToTheEnd, tellsPastEvents, tellsStreamType } from './features.ts'
import { filters } from './filters.ts'
import { toTheEnd } from './follow.ts'
import { demultiplexed, engineEvent, jsonLines, raw } from './streams.ts'

/** What containers and the engine tell while they run. */
export function output(docker: Docker) {
  const { modem, identity } = docker

  const isTerminal = async (id: string) => (await container(docker, id).inspect()).Config.Tty

  const decoded = async (id: string, bytes: AsyncIterable<Uint8Array>, contentType: string | undefined) => {
    const terminal = tellsStreamType(identity)
      ? contentType !== 'application/vnd.docker.multiplexed-stream'
      : await isTerminal(id)
    return terminal ? raw(bytes) : demultiplexed(bytes)
  }

  const attached = async (
    id: string,
    stdin: AsyncIterable<Uint8Array> | undefined,
    { signal, detachKeys }: { readonly detachKeys?: string } & Cancel = {},
  ) => {
    const query = { stream: true, stdin: stdin !== undefined, stdout: true, stderr: true, detachKeys }
    const path = `/containers/${encodeURIComponent(id)}/attach`
    const call = { method: 'POST', path, query, ...(signal && { signal }) } as const
    const { bytes, socket, contentType } = await told(modem.converse(call), signal)
    if (stdin) void feed(stdin, socket)
    return toldEach(await told(decoded(id, bytes, contentType), signal), signal)
  }

  return {
    async *logs(id, { signal, ...options }): AsyncGenerator<LogChunk> {
      const ask = ({ follow = false, tail, since, until, timestamps = false }: LogOptions) => {
        const times = { since: instant(since), until: instant(until), timestamps }
        const query = { stdout: true, stderr: true, follow, tail: tail ?? 'all', ...times }
        const path = `/containers/${encodeURIComponent(id)}/logs`
        return modem.flow({ method: 'GET', path, query, ...(signal && { signal }) })
      }
      if (options.follow && !followsToTheEnd(identity) && !(await told(isTerminal(id), signal))) {
        yield* toldEach(
          toTheEnd(async again => (await ask(again)).bytes, options),
          signal,
        )
        return
      }
      const { bytes, contentType } = await told(ask(options), signal)
      yield* toldEach(await told(decoded(id, bytes, contentType), signal), signal)
    },

    attach: (id, options) => attached(id, undefined, options),

    attachWithInput: (id, stdin, options) => attached(id, stdin, options),

    async events({ project, since: from, until }, { signal } = {}) {
      // The engine answers before it listens, by some microseconds. Where its clock is ours, it is asked for what happened since
      // just now, and nothing can fall between (moby, api/server/router/system: getEvents flushes, then subscribes).
      const now = docker.local && tellsPastEvents(identity) ? (Date.now() / 1000).toFixed(3) : undefined
      const query = { filters: { type: ['container'], ...filters({ project }) }, since: from ?? now, until }
      const answer = await told(
        modem.stream({ method: 'GET', path: '/events', query, ...(signal && { signal }) }),
        signal,
      )
      return toldEach(containerEvents(answer), signal)
    },

    async exec(id, spec, { signal, onCreate, onOutput, stdin, onStart, detach = false, detachKeys } = {}) {
      const cancel = signal ? { signal } : {}
      const tty = spec.tty ?? false
      const body = {
        Cmd: [...spec.command],
        AttachStdin: stdin !== undefined,
        AttachStdout: true,
        AttachStderr: true,
        ...(tty && { Tty: true }),
        ...(detachKeys !== undefined && { DetachKeys: detachKeys }),
        ...(spec.user !== undefined && { User: spec.user }),
        ...(spec.working_dir !== undefined && { WorkingDir: spec.working_dir }),
        ...(spec.env && { Env: [...spec.env] }),
        ...(spec.privileged && { Privileged: true }),
      }
      const path = `/containers/${encodeURIComponent(id)}/exec`
      const answer = await told(modem.ask({ method: 'POST', path, body, ...cancel }), signal)
      const { Id } = answer as { readonly Id: string }
      await onCreate?.(Id)
      const start = {
        method: 'POST',
        path: `/exec/${Id}/start`,
        body: { Detach: detach, Tty: tty },
        ...cancel,
      } as const
      if (detach) {
        await told(modem.ask(start), signal)
        return 0
      }
      const { bytes, socket } = await told(modem.converse(start), signal)
      onStart?.(async ({ rows, columns }) => {
        await told(modem.ask({ method: 'POST', path: `/exec/${Id}/resize`, query: { h: rows, w: columns } }), undefined)
      })
      if (stdin) void feed(stdin, socket)
      else socket.end()
      for await (const chunk of toldEach(tty ? raw(bytes) : demultiplexed(bytes), signal)) await onOutput?.(chunk)
      return told(exitCode(docker, Id, signal, tty && stdin !== undefined), signal)
    },

    async inspectExec(id) {
      const found = await orUndefined(told(execution(docker, id).inspect()))
      if (!found) return undefined
      const { Running = false, ExitCode, Pid } = found as ExecInspectResponse
      // Podman says 0 of one that was never started, too; such a one has had no process.
      const ended = !Running && typeof ExitCode === 'number' && Pid !== 0
      return { running: Running, ...(ended && { exitCode: ExitCode }) }
    },
  } satisfies Partial<LiveEngine>
}

async function* containerEvents(bytes: AsyncIterable<Uint8Array>) {
  for await (const message of jsonLines(bytes)) yield engineEvent(message as EventMessage)
}

/** Writes no faster than the command reads. What goes wrong here is seen by whoever reads the output. */
async function feed(stdin: AsyncIterable<Uint8Array>, socket: Duplex): Promise<void> {
  try {
    for await (const bytes of stdin) {
      passing(bytes.length)
      if (!socket.write(bytes)) await once(socket, 'drain')
    }
  } catch {
    return
  }
  socket.end()
}

/**
 * The output may end some milliseconds before the engine knows of the end. Of a command that goes on for longer the user has let
 * go with the detach keys, where that can be; its code is 0.
 */
async function exitCode(
  docker: Docker,
  id: string,
  signal: AbortSignal | undefined,
  detachable: boolean,
): Promise<number> {
  const until = performance.now() + 2000
  for (let delay = 5; ; delay = Math.min(delay * 2, 200)) {
    const { Running, ExitCode } = (await execution(docker, id).inspect()) as ExecInspectResponse
    if (!Running && typeof ExitCode === 'number') return ExitCode
    if (detachable && performance.now() > until) return 0
    await pause(delay, undefined, signal && { signal })
  }
}

/** The engine takes seconds only; RFC 3339 is written as such, to the nanosecond. */
function instant(time: string | undefined): string | undefined {
  if (time === undefined || /^\d+(\.\d+)?$/.test(time)) return time
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) throw new EngineError('invalid', `"${time}" is not a time`)
  const fraction = /:\d\d\.(\d+)/.exec(time)?.[1] ?? '0'
  return `${Math.floor(milliseconds / 1000)}.${fraction}`
}
