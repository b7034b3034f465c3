import type { ArchiveBuildOptions } from '../build.ts'
import type { EngineInfo } from '../engine.ts'

/** The parameters of `POST /build` for the classic builder, and for Podman's, which takes some of them in another form. */
export function buildQuery(
  options: Omit<ArchiveBuildOptions, 'signal' | 'onOutput'>,
  flavour: EngineInfo['flavour'],
): Readonly<Record<string, unknown>> {
  const { tags, dockerfile, target, args, labels, no_cache, pull, platform, shm_size, cache_from, memory } = options
  return {
    t: tags,
    dockerfile,
    target,
    buildargs: args,
    labels,
    nocache: no_cache || undefined,
    pull: pull || undefined,
    platform,
    shmsize: shm_size,
    cachefrom: cache_from?.length ? JSON.stringify(cache_from) : undefined,
    memory,
    rm: true,
    forcerm: true,
    ...(flavour === 'podman' ? ofPodman(options) : ofDocker(options)),
  }
}

type Own = Pick<ArchiveBuildOptions, 'args' | 'extra_hosts' | 'network' | 'ulimits'>

function ofDocker({ extra_hosts, network, ulimits }: Own): Readonly<Record<string, unknown>> {
  return {
    networkmode: network,
    extrahosts: extra_hosts,
    ulimits: ulimits && JSON.stringify(ulimits.map(u => ({ Name: u.name, Soft: u.soft, Hard: u.hard }))),
  }
}

/**
 * Podman refuses limits and hosts in Docker's form, says nothing of a network that it does not use, and builds in the machine's
 * own where none is asked for in its own words. What is left to the Dockerfile would be emptied. Seen with 4.3.1.
 */
function ofPodman({ args, extra_hosts, network, ulimits }: Own): Readonly<Record<string, unknown>> {
  const given = args && Object.entries(args).filter(([, value]) => value !== null)
  const named = network && !['default', 'host', 'none'].includes(network) ? network : ''
  return {
    buildargs: given && Object.fromEntries(given),
    networkmode: network === 'none' ? 'NetworkDisabled' : undefined,
    nsoptions: JSON.stringify([{ Name: 'network', Host: network === 'host', Path: named }]),
    extrahosts: extra_hosts?.length ? JSON.stringify(extra_hosts) : undefined,
    ulimits: ulimits && JSON.stringify(ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`)),
  }
}
