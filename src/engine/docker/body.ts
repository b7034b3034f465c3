import type { IncomingMessage } from 'node:http'
import { Refused } from './errors.ts'

/** What a body says, undefined where it is empty. Podman says "OK" where Docker says nothing (4.3.1, networks/ID/connect). */
export function valueOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** By its events: iterating costs as much again as the answer. */
export function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  return new Promise((resolve, reject) => {
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.on('end', () => resolve(Buffer.concat(pieces).toString()))
    response.on('error', reject) // one that breaks off as well
  })
}

export async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all).toString()
}

export const refusal = async (response: IncomingMessage) => refused(response.statusCode, await textOf(response))

export const refused = (status = 0, text: string) => new Refused(status, messageOf(text) || `HTTP ${status}`)

function messageOf(text: string): string {
  try {
    // Podman has "message" as well, and "cause" beside it.
    const { message } = JSON.parse(text) as { readonly message?: unknown }
    return typeof message === 'string' ? message.trim() : text.trim()
  } catch {
    return text.trim()
  }
}
