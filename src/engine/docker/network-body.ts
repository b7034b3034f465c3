import type { EndpointSettings, NetworkCreateRequest, VolumeCreateOptions } from '@docker/node-sdk'
import type { EndpointSpec, Feature, NetworkSpec, VolumeSpec } from '../engine.ts'
import { sent } from './sent.ts'

/** One network of a container, as creation and `POST /networks/ID/connect` take it. */
export function endpointBody(endpoint: EndpointSpec, features: ReadonlySet<Feature>): EndpointSettings {
  const { ipv4_address, ipv6_address, link_local_ips, gw_priority } = endpoint
  const addressed = ipv4_address !== undefined || ipv6_address !== undefined || link_local_ips !== undefined
  return sent<EndpointSettings>({
    IPAMConfig: addressed
      ? sent({
          IPv4Address: ipv4_address,
          IPv6Address: ipv6_address,
          LinkLocalIPs: link_local_ips && [...link_local_ips],
        })
      : undefined,
    Links: endpoint.links && [...endpoint.links],
    Aliases: endpoint.aliases && [...endpoint.aliases],
    MacAddress: features.has('endpoint-mac') ? endpoint.mac_address : undefined,
    DriverOpts: endpoint.driver_opts && { ...endpoint.driver_opts },
    GwPriority: features.has('gw-priority') ? gw_priority : undefined,
  })
}

export function networkBody(name: string, spec: NetworkSpec): NetworkCreateRequest {
  return sent<NetworkCreateRequest>({
    Name: name,
    Driver: spec.driver,
    Internal: spec.internal,
    Attachable: spec.attachable,
    IPAM:
      spec.ipam &&
      sent({
        Driver: spec.ipam.driver,
        Config: spec.ipam.config?.map(pool =>
          sent({
            Subnet: pool.subnet,
            IPRange: pool.ip_range,
            Gateway: pool.gateway,
            AuxiliaryAddresses: pool.aux_addresses && { ...pool.aux_addresses },
          }),
        ),
        Options: spec.ipam.options && { ...spec.ipam.options },
      }),
    EnableIPv4: spec.enable_ipv4,
    EnableIPv6: spec.enable_ipv6,
    Options: spec.driver_opts && { ...spec.driver_opts },
    Labels: { ...spec.labels },
  })
}

export function volumeBody(name: string, spec: VolumeSpec): VolumeCreateOptions {
  return sent<VolumeCreateOptions>({
    Name: name,
    Driver: spec.driver,
    DriverOpts: spec.driver_opts && { ...spec.driver_opts },
    Labels: { ...spec.labels },
  })
}
