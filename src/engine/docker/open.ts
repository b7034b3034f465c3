import type { EngineInfo } from '../engine.ts'
import { EngineError } from '../errors.ts'
import type { LiveEngine } from '../live.ts'
import type { Place } from '../place.ts'
import { containers } from './containers.ts'
import type { Docker } from './docker.ts'
import { unreachableBecause } from './errors.ts'
import { featuresOf, type Identity, isBefore, MAXIMUM_API, MINIMUM_API } from './features.ts'
import { files } from './files.ts'
import { type Greeting, greet } from './greeting.ts'
import { images } from './images.ts'
import { modem as modemTo } from './modem.ts'
import { networks } from './networks.ts'
import { output } from './output.ts'
import { processes } from './processes.ts'
import { system } from './system.ts'
import { volumes } from './volumes.ts'

export interface OpenOptions {
  /** For `EngineInfo.where`. */
  readonly where: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Carried by every request. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds after which a place that says nothing is given up. */
  readonly timeout: number
}

/** The engine at a place, or why there is none, in words. Throws EngineError `unsupported` for one that we cannot talk to. */
export async function open(place: Place, options: OpenOptions): Promise<LiveEngine | { readonly because: string }> {
  const modem = modemTo(place, options.headers)
  const { timeout, env } = options
  let greeting: Greeting | undefined
  try {
    greeting = await greet(modem, { timeout, whole: Boolean(env['DOCKER_API_VERSION']) })
  } catch (error) {
    modem.close()
    return { because: unreachableBecause(error) }
  }
  if (!greeting) {
    modem.close()
    return { because: 'what answers there is no container engine' }
  }
  const { flavour, version, api, oldestApi, os, arch } = greeting
  const apiVersion = agreed(api, oldestApi, env['DOCKER_API_VERSION'])
  modem.apiVersion = apiVersion
  const identity: Identity = { flavour, version, apiVersion }
  const docker: Docker = {
    modem,
    identity,
    features: featuresOf(identity, { env, os }),
    ...(arch !== undefined && { arch }),
    local: place.kind === 'socket',
    env,
    home: options.home,
  }
  const info: EngineInfo = { ...identity, os, features: docker.features, where: options.where }
  return {
    info,
    ...containers(docker),
    ...output(docker),
    ...networks(docker),
    ...volumes(docker),
    ...images(docker),
    ...files(docker),
    ...processes(docker),
    ...system(docker),
    close: modem.close,
  }
}

/** The API version to speak: the lower of the engine's and ours, or the one that the user set. */
export function agreed(theirs: string, theirMinimum: string | undefined, set: string | undefined): string {
  if (set) return chosen(set.replace(/^v/, ''), theirs, theirMinimum)
  if (isBefore(theirs, MINIMUM_API))
    throw new EngineError('unsupported', `this engine speaks API ${theirs}; at least ${MINIMUM_API} is needed`, {
      code: 'api-version',
      hint: 'use Docker Engine 19.03 or newer',
    })
  if (theirMinimum !== undefined && isBefore(MAXIMUM_API, theirMinimum))
    throw new EngineError(
      'unsupported',
      `this engine asks for API ${theirMinimum}; ${MAXIMUM_API} is the newest that is known here`,
      {
        code: 'api-version',
        hint: 'use a newer version of this program',
      },
    )
  return isBefore(theirs, MAXIMUM_API) ? theirs : MAXIMUM_API
}

/** The version that the user set; refused in the words in which the engine would refuse the first call. */
function chosen(set: string, theirs: string, theirMinimum: string | undefined): string {
  const wrong = isBefore(theirs, set)
    ? `client version ${set} is too new. Maximum supported API version is ${theirs}`
    : theirMinimum !== undefined && isBefore(set, theirMinimum)
      ? `client version ${set} is too old. Minimum supported API version is ${theirMinimum}`
      : undefined
  if (wrong === undefined) return set
  throw new EngineError('unsupported', wrong, {
    code: 'api-version',
    hint: 'leave DOCKER_API_VERSION unset: the version is then agreed on',
  })
}
