import { defined } from '../../base/defined.ts'
import type { ResourceSpec } from '../../engine/engine.ts'
import type { DeviceMapping, DeviceRequest, Service } from '../../model/project.ts'

/** Devices of the host by their path. */
export function mappedDevices(service: Service): ResourceSpec['devices'] {
  const mapped = (service.devices ?? []).filter(device => !isQualified(device))
  if (mapped.length === 0) return undefined
  return mapped.map(({ source, target = source, permissions = 'rwm' }) => ({
    host: source,
    container: target,
    permissions,
  }))
}

/** Devices that a driver finds: reservations of `deploy`, names of the Container Device Interface, `gpus`. */
export function deviceRequests(service: Service): ResourceSpec['device_requests'] {
  const named = (service.devices ?? []).filter(isQualified).map(device => device.source)
  const all = [
    ...(service.deploy?.resources?.reservations?.devices ?? []).map(device => request(device, [])),
    ...(named.length > 0 ? [{ driver: 'cdi', device_ids: named }] : []),
    ...(service.gpus ?? []).map(device => request(device, ['gpu'])),
  ]
  return all.length > 0 ? all : undefined
}

function request(device: DeviceRequest, always: readonly string[]) {
  return defined({
    driver: device.driver,
    count: device.count,
    device_ids: device.device_ids,
    capabilities: [[...new Set([...(device.capabilities ?? []), ...always])]],
    options: device.options,
  })
}

/** `vendor.example/class=name`: a name of the Container Device Interface, where a path would do for both ends. */
function isQualified({ source, target = source }: DeviceMapping): boolean {
  if (source !== target) return false
  return /^[A-Za-z]([\w.-]*[A-Za-z0-9])?\/[A-Za-z]([\w-]*[A-Za-z0-9])?=[A-Za-z0-9]([\w.:-]*[A-Za-z0-9])?$/.test(source)
}
