import type { FileObject, Json, Network, Service, Volume } from '../model/project.ts'
import { sortedKeys } from './plain.ts'
import { config, network, secret, volume } from './resource.ts'
import { service as serviceShape } from './service.ts'

/**
 * A value as Go's encoding/json writes it, compact: `<`, `>`, `&` and the line separators escaped. Keys stay in their
 * order, which for structs is that of their fields; maps come sorted, but for keys that JavaScript puts first.
 */
export function goJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(goJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    // No struct has a field that is called like a number, so such an object is a map.
    const own = Object.keys(value)
    const keys = own.some(key => /^\d+$/.test(key)) ? sortedKeys(value) : own
    const object = value as { readonly [key: string]: Json }
    return `{${keys.map(key => `${goText(key)}:${goJson(object[key]!)}`).join(',')}}`
  }
  return typeof value === 'string' ? goText(value) : JSON.stringify(value)
}

function goText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A service as docker compose writes it in `config` and hashes it: keys in the order of its struct. */
export function encodeService(service: Service): Json {
  const encoded = serviceShape.encode(service) as { readonly [key: string]: Json }
  if (encoded['command'] !== undefined && encoded['entrypoint'] !== undefined) return encoded
  // Both are written where nothing is said; their places among the other keys are kept.
  return serviceShape.encode({ command: null, entrypoint: null, ...service })!
}

export const encodeNetwork = (value: Network): Json => network.encode(value)!

export const encodeVolume = (value: Volume): Json => volume.encode(value)!

export const encodeSecret = (value: FileObject): Json => secret.encode(value)!

export const encodeConfig = (value: FileObject): Json => config.encode(value)!
