import type { SystemVersion } from '@docker/node-sdk'
import type { EngineInfo } from '../engine.ts'
import { Refused } from './errors.ts'
import { isBefore, MAXIMUM_API } from './features.ts'
import type { Modem } from './modem.ts'

/** What an engine says of itself when it is first spoken to. */
export interface Greeting {
  readonly flavour: EngineInfo['flavour']
  readonly version: string
  /** The newest API that it speaks. */
  readonly api: string
  /** The oldest one, where it was asked for that. */
  readonly oldestApi?: string
  readonly os: string
  readonly arch?: string
}

/**
 * Greets an engine with the cheapest call that tells enough: to answer `/version` Docker starts `runc` and `docker-init` each time (11 ms
 * of 28.5.2, 30 under load), to answer `/_ping` it starts nothing. `whole` asks for the oldest API as well, which a ping does not tell.
 * Undefined where no engine answers; throws as the modem does.
 */
export async function greet(
  modem: Pick<Modem, 'ask' | 'headers'>,
  { timeout, whole }: { readonly timeout: number; readonly whole: boolean },
): Promise<Greeting | undefined> {
  const pinged = whole ? undefined : await ping(modem, timeout)
  // What is newer than we are may want a newer one than we speak.
  if (pinged && !isBefore(MAXIMUM_API, pinged.api)) return pinged
  const version = (await modem.ask({ method: 'GET', path: '/version', timeout })) as SystemVersion | undefined
  if (typeof version?.ApiVersion !== 'string') return undefined
  const podman = version.Components?.find(component => component.Name === 'Podman Engine')
  return {
    flavour: podman ? 'podman' : 'docker',
    version: podman?.Version ?? version.Version ?? '',
    api: version.ApiVersion,
    ...(version.MinAPIVersion !== undefined && { oldestApi: version.MinAPIVersion }),
    os: version.Os ?? '',
    arch: version.Arch ?? '',
  }
}

/** Of Docker alone; undefined where somebody in between keeps its headers, or does not let a ping through. */
async function ping(modem: Pick<Modem, 'headers'>, timeout: number): Promise<Greeting | undefined> {
  try {
    const { server, 'api-version': api } = await modem.headers({ method: 'HEAD', path: '/_ping', timeout })
    const [, version, os] = /^Docker\/(\S+) \((\w+)\)$/.exec(String(server)) ?? []
    return version && os && typeof api === 'string' ? { flavour: 'docker', version, api, os } : undefined
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
