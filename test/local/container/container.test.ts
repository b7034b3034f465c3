import { describe, expect, test } from 'vitest'
import { containerSpec } from '../../../src/local/container/container.ts'
import { containerNameOf } from '../../../src/local/container/container-name.ts'
import type { Given } from '../../../src/local/given.ts'
import { networkSpec } from '../../../src/local/network-spec.ts'
import { volumeSpec } from '../../../src/local/volume-spec.ts'
import type { Project, Service } from '../../../src/model/project.ts'
import { aProject } from '../../kit/project.ts'

const given: Given = {
  separator: '-',
  image: () => 'sha256:1',
  parent: () => undefined,
  features: new Set(['endpoint-mac', 'endpoints-at-create', 'start-interval']),
}

const spec = (service: Service, more: Partial<Project> = {}, with_: Partial<Given> = {}) =>
  containerSpec(aProject({ web: service, db: { image: 'db' } }, more), 'web', 1, { ...given, ...with_ })

/** Without labels, which have tests of their own. */
const asked = (...of: Parameters<typeof spec>) => {
  const { labels: _, ...rest } = spec(...of)
  return rest
}

test('a service that says nothing but its image asks for nothing else', () => {
  expect(asked({ image: 'x' })).toEqual({ image: 'x', network_mode: 'none' })
})

test('a service that is only built runs the image of its name', () => {
  expect(spec({ build: {} }).image).toBe('shop-web')
  expect(spec({ build: {} }, {}, { separator: '_' }).image).toBe('shop_web')
})

test('environment is sorted, unset names are told, and a proxy of the user’s configuration yields to the service', () => {
  const proxy = { HTTP_PROXY: 'p', NO_PROXY: 'n' }
  expect(spec({ environment: { B: '2', A: '', C: null, NO_PROXY: 'own' } }, {}, { proxy }).env).toEqual([
    'A=',
    'B=2',
    'C',
    'HTTP_PROXY=p',
    'NO_PROXY=own',
  ])
})

test('an empty command is not an absent one', () => {
  expect(spec({ command: [], entrypoint: null })).toMatchObject({ command: [] })
  expect(spec({ command: [], entrypoint: null })).not.toHaveProperty('entrypoint')
})

test('capabilities are written as engines compare them', () => {
  expect(asked({ image: 'x', cap_add: ['sys_time', 'NET_ADMIN', 'CAP_NET_ADMIN'], cap_drop: ['all'] })).toMatchObject({
    cap_add: ['CAP_NET_ADMIN', 'CAP_SYS_TIME'],
    cap_drop: ['ALL'],
  })
})

test('hosts and tmpfs take the engine’s spelling', () => {
  const hosts = { b: ['1.1.1.1', '::1'], a: ['host-gateway'] }
  expect(asked({ image: 'x', extra_hosts: hosts, tmpfs: ['/run:size=1m,mode=755', '/tmp'] })).toMatchObject({
    extra_hosts: ['a:host-gateway', 'b:1.1.1.1', 'b:::1'],
    tmpfs: { '/run': 'size=1m,mode=755', '/tmp': '' },
  })
})

test('the platform is the service’s, else that of the environment', () => {
  const environment = { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }
  expect(spec({ platform: 'linux/amd64' }, { environment }).platform).toBe('linux/amd64')
  expect(spec({}, { environment }).platform).toBe('linux/arm64')
})

describe('networks', () => {
  const networks = { front: { name: 'shop_front' }, back: { name: 'shop_back' }, z: { name: 'z' } }
  const on = (service: Service, with_: Partial<Given> = {}) => spec(service, { networks }, with_)

  test('come by priority, then by name; the first is the main one', () => {
    const { network_mode, networks: all } = on({ networks: { z: null, front: { priority: 5 }, back: null } })
    expect(network_mode).toBe('shop_front')
    expect(all?.map(e => e.network)).toEqual(['shop_front', 'shop_back', 'z'])
  })
  test('know a container by its name, its service and its aliases, each once', () => {
    expect(on({ container_name: 'own', networks: { front: { aliases: ['www', 'web'] } } }).networks).toEqual([
      { network: 'shop_front', aliases: ['own', 'web', 'www'] },
    ])
  })
  test('give what was asked of them', () => {
    const attachment = {
      ipv4_address: '10.0.0.5',
      ipv6_address: 'fd00::5',
      link_local_ips: ['169.254.8.8'],
      mac_address: '02:42:ac:11:65:43',
      driver_opts: { a: 'b' },
      gw_priority: 5,
      interface_name: 'eth7',
    }
    expect(on({ networks: { front: attachment } }).networks).toEqual([
      {
        network: 'shop_front',
        aliases: ['shop-web-1', 'web'],
        ipv4_address: '10.0.0.5',
        ipv6_address: 'fd00::5',
        link_local_ips: ['169.254.8.8'],
        mac_address: '02:42:ac:11:65:43',
        driver_opts: { a: 'b', 'com.docker.network.endpoint.ifname': 'eth7' },
        gw_priority: 5,
      },
    ])
  })
  test('the service’s MAC address is its first network’s', () => {
    expect(
      on({ mac_address: '02:1', networks: { back: null, front: null } }).networks?.map(e => e.mac_address),
    ).toEqual(['02:1', undefined])
  })
  test('are none of the container’s own where it has a mode', () => {
    expect(asked({ image: 'x', network_mode: 'host' })).toEqual({ image: 'x', network_mode: 'host' })
    expect(asked({ image: 'x', network_mode: 'disabled' })).toMatchObject({ network_disabled: true })
  })
  test('of links are told by alias, by service and number, and by name, for every container linked', () => {
    expect(on({ networks: { front: null }, links: ['db:data'], external_links: ['other:o'] }).links).toEqual([
      'shop-db-1:data',
      'shop-db-1:db-1',
      'shop-db-1:shop-db-1',
      'other:o',
    ])
    const linked = () => [{ name: 'shop-db-7', number: 7 }]
    expect(on({ networks: { front: null }, links: ['db'] }, { linked }).links?.slice(0, 2)).toEqual([
      'shop-db-7:db',
      'shop-db-7:db-7',
    ])
  })
})

describe('what is borrowed from another service', () => {
  const service: Service = {
    network_mode: 'service:db',
    ipc: 'service:db',
    pid: 'container:x',
    volumes_from: ['db:ro'],
  }

  test('is borrowed from its container', () => {
    expect(spec(service, {}, { parent: () => 'f00' })).toMatchObject({
      network_mode: 'container:f00',
      ipc_mode: 'container:f00',
      pid_mode: 'container:x',
      volumes_from: ['f00:ro'],
    })
  })
  test('is borrowed by name where there is no container yet', () => {
    expect(spec(service)).toMatchObject({ network_mode: 'container:shop-db-1', volumes_from: ['shop-db-1:ro'] })
  })
})

test('use_api_socket brings the engine’s socket, and a variable that the service may set itself', () => {
  expect(asked({ image: 'x', use_api_socket: true })).toMatchObject({
    binds: ['/var/run/docker.sock:/var/run/docker.sock:rw'],
    env: ['DOCKER_CONFIG=/run/secrets/docker'],
  })
  expect(spec({ use_api_socket: true, environment: { DOCKER_CONFIG: '/own' } }).env).toEqual(['DOCKER_CONFIG=/own'])
})

describe('labels', () => {
  test('say whose a container is, over what the user says', () => {
    const { 'dev.gantry.attributes': _, ...labels } = spec({
      image: 'x',
      labels: { own: '1', 'com.docker.compose.project': 'forged' },
      depends_on: {
        z: { condition: 'service_healthy', restart: true, required: true },
        db: { condition: 'service_started', required: true },
      },
    }).labels
    expect(labels).toEqual({
      own: '1',
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.version': '5.5.0',
      'com.docker.compose.project.working_dir': '/srv/shop',
      'com.docker.compose.project.config_files': '/srv/shop/compose.yaml',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.config-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'com.docker.compose.container-number': '1',
      'com.docker.compose.depends_on': 'db:service_started:false,z:service_healthy:true',
      'com.docker.compose.image': 'sha256:1',
    })
  })
  test('are there where they apply only', () => {
    const service: Service = { volumes: [{ type: 'image', source: 'i', target: '/i' }] }
    const more = { files: ['/a', '/b'], env_files: ['/e', '/f'] }
    const { labels } = spec(service, more, { mountedImage: () => 'sha256:2', replaces: true, image: () => undefined })
    expect(labels).toMatchObject({
      'com.docker.compose.project.config_files': '/a,/b',
      'com.docker.compose.project.environment_file': '/e,/f',
      'com.docker.compose.image-volume-digest': '/i=sha256:2',
      'com.docker.compose.replace': 'web-1',
    })
    expect(labels).not.toHaveProperty('com.docker.compose.image')
  })
  test('never contain a secret', () => {
    const { labels } = spec({ secrets: [{ source: 's' }] }, { secrets: { s: { content: 'hunter2' } } })
    expect(JSON.stringify(labels)).not.toContain('hunter2')
  })
})

test('a container’s name is its own, or made of project, service and number', () => {
  const project = aProject({ web: {}, own: { container_name: 'fixed' } })
  expect(containerNameOf(project, 'web', 2, '-')).toBe('shop-web-2')
  expect(containerNameOf(project, 'web', 2, '_')).toBe('shop_web_2')
  expect(containerNameOf(project, 'own', 1, '-')).toBe('fixed')
})

test('networks and volumes are asked for as declared, and labelled', () => {
  const project = aProject(
    {},
    {
      networks: {
        n: { name: 'shop_n', internal: true, ipam: { config: [{ subnet: '10.0.0.0/24' }] }, labels: { l: '1' } },
      },
      volumes: { v: { name: 'shop_v', driver_opts: { type: 'tmpfs' } } },
    },
  )
  expect(networkSpec(project, 'n')).toEqual({
    internal: true,
    ipam: { config: [{ subnet: '10.0.0.0/24' }] },
    labels: {
      l: '1',
      'com.docker.compose.project': 'shop',
      'com.docker.compose.network': 'n',
      'com.docker.compose.version': '5.5.0',
      'com.docker.compose.config-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  })
  expect(volumeSpec(project, 'v')).toMatchObject({
    driver_opts: { type: 'tmpfs' },
    labels: { 'com.docker.compose.volume': 'v', 'com.docker.compose.project': 'shop' },
  })
})
