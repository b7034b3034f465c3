import type { SystemInfo, SystemVersion } from '@docker/node-sdk'
import type { LiveEngine } from '../live.ts'
import { type Docker, told } from './docker.ts'

export function system(docker: Docker) {
  let arch = docker.arch === undefined ? undefined : Promise.resolve(docker.arch)
  return {
    arch: () =>
      (arch ??= told(docker.modem.ask({ method: 'GET', path: '/version' })).then(
        version => (version as SystemVersion).Arch ?? '',
      )),

    async state() {
      const info = (await told(docker.modem.ask({ method: 'GET', path: '/info' }))) as SystemInfo & {
        readonly DefaultAddressPools?: readonly { readonly Base?: string; readonly Size?: number }[] | null
      }
      const said =
        info.SystemTime === undefined ? Number.NaN : Date.parse(info.SystemTime.replace(/(\.\d{3})\d+/, '$1'))
      return {
        ...(!Number.isNaN(said) && { time: said }),
        cpus: info.NCPU ?? 0,
        memory: info.MemTotal ?? 0,
        root: info.DockerRootDir ?? '',
        driver: info.Driver ?? '',
        warnings: (info.Warnings ?? []).map(warning => warning.replace(/^WARNING: /, '')),
        limits: {
          memory: info.MemoryLimit ?? true,
          swap: info.SwapLimit ?? true,
          pids: info.PidsLimit ?? true,
          cpus: info.CpuCfsQuota ?? true,
          cpuset: info.CPUSet ?? true,
        },
        pools: (info.DefaultAddressPools ?? []).map(({ Base = '', Size = 0 }) => ({ base: Base, size: Size })),
      }
    },
  } satisfies Partial<LiveEngine>
}
