import type { ContainerDetail, Feature } from '../../engine/engine.ts'
import type { DesiredService } from '../desired.ts'
import { limitOf } from './limits.ts'
import { mountsUnlike } from './live-mounts.ts'
import { type Difference, settingsUnlike } from './live-settings.ts'
import { liveEndpoint } from './shown-endpoints.ts'
import { declaredValue, liveValue, visiblyOther } from './shown-values.ts'

/**
 * All in which a live container is not what its service asks for, whatever its labels say. Only of an engine that tells
 * settings as they were asked for is this the whole truth.
 */
export function unlike(
  service: DesiredService,
  number: number,
  detail: ContainerDetail,
  features: ReadonlySet<Feature>,
): readonly Difference[] {
  const visible = visiblyOther(service, detail).map(path => shownAt(path, service, detail))
  if (!features.has('tells-settings')) return visible
  const spec = service.plainSpec(number)
  const all = [
    ...visible.filter(({ path }) => path !== 'ports'),
    ...imagesOwn(service, detail),
    ...settingsUnlike(spec, detail),
    ...mountsUnlike(service.model, spec, detail.mounts),
  ]
  return all.filter(({ path }) => isKept(path, features))
}

/** Whether the engine keeps what it is told of an attribute; older ones drop some of them. */
function isKept(path: string, features: ReadonlySet<Feature>): boolean {
  if (path === 'healthcheck.start_interval') return features.has('start-interval')
  return !path.startsWith('annotations.') || features.has('annotations')
}

/** An attribute with both its values, as far as they can be told. */
export function shownAt(path: string, service: DesiredService, detail: ContainerDetail | undefined): Difference {
  const from = detail && (liveValue(path, detail) ?? liveEndpoint(path, service, detail))
  const to = declaredValue(path, service.model)
  return { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** Whether an engine changes it on a live container, so that its live value alone counts. */
export const isInPlace = (path: string): boolean =>
  limitOf(path) !== undefined || path === 'restart' || path.startsWith('deploy.restart_policy')

/** What nobody declares, and what is not as in the image either. */
function imagesOwn(
  { model, imageDetail, plainSpec }: DesiredService,
  { imageId, spec }: ContainerDetail,
): Difference[] {
  // An image of another platform than the engine's may have other values, and cannot be asked for them everywhere.
  if (!imageDetail || imageDetail.id !== imageId || model.platform !== undefined) return []
  const nameOf = (entry: string) => entry.split('=')[0]!
  const known = new Set([...imageDetail.env, ...(plainSpec(1).env ?? [])].map(nameOf))
  const foreign = spec.env.filter(entry => !known.has(nameOf(entry)) && !PROXY.test(nameOf(entry)))
  const other = (path: string, live: readonly string[] | null, own: readonly string[] | null): Difference[] => {
    const [from, to] = [live?.join(' ') ?? '', own?.join(' ') ?? '']
    return from === to ? [] : [{ path, from, ...(to !== '' && { to }) }]
  }
  return [
    ...foreign.map(entry => ({ path: `environment.${nameOf(entry)}`, from: entry.slice(nameOf(entry).length + 1) })),
    // Another entry point takes the image's command away.
    ...(model.command || model.entrypoint ? [] : other('command', spec.command, imageDetail.command)),
    ...(model.entrypoint ? [] : other('entrypoint', spec.entrypoint, imageDetail.entrypoint)),
    ...(model.user === undefined ? other('user', [spec.user], [imageDetail.user]) : []),
    ...(!model.healthcheck && !imageDetail.hasHealthcheck && spec.healthcheck?.test?.length
      ? [{ path: 'healthcheck.test', from: spec.healthcheck.test.join(' ') }]
      : []),
  ]
}

/** They come from the docker configuration, which is not the project's. */
const PROXY = /^(http|https|ftp|no|all)_proxy$/i
