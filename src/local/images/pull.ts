import type { Engine, LayerProgress } from '../../engine/engine.ts'
import { EngineError, isEngineError } from '../../engine/errors.ts'
import type { Unit } from '../../plan/plan.ts'
import type { Performing } from '../perform/perform.ts'
import type { Step } from '../steps.ts'
import { layerProgress } from './layer-progress.ts'
import { explained } from './registry-hint.ts'
import { retried } from './retried.ts'

/** Pulls an image: looks first whether it is there for a platform that was asked for, and tries again where the line was cut. */
export async function pull(
  { image, platform, tolerate, refresh }: Step & { op: 'pull-image' },
  unit: Unit,
  { engine, signal, progress, warn }: Performing,
): Promise<void> {
  const told = progress && layerProgress(unit, progress)
  const onProgress = (layer: LayerProgress) => {
    if (layer.layer !== '') told?.(layer)
    else if (layer.status.startsWith('WARNING'))
      warn({ code: 'engine-warning', severity: 'warning', message: layer.status.replace(/^WARNING:?\s*/, '') })
  }
  const once = async () => {
    if (platform !== undefined) await checkPlatform(image, platform, engine, signal)
    await engine.pullImage(image, { signal, onProgress, ...(platform !== undefined && { platform }) })
  }
  try {
    await retried(once, {
      signal,
      tell: ({ message }, attempt, of) =>
        warn({
          code: 'pull-retried',
          severity: 'warning',
          message: `pulling image "${image}" was cut off and is tried again (${attempt} of ${of}): ${message}`,
        }),
    })
    // An image that is still the same got no name anew, from when the engine counts (20.10, 28.5): it would be asked for at each `up`.
    if (refresh && !image.includes('@')) await engine.tagImage(image, image)
  } catch (error) {
    if (!isEngineError(error) || error.reason === 'cancelled') throw error
    if (!tolerate) throw explained(error, image, 'pulled', await platformHint(error, image, engine))
    warn({
      code: 'pull-failed',
      severity: 'info',
      message: `image "${image}" could not be pulled: ${error.message}`,
      hint: 'it is built instead',
    })
  }
}

/** Throws before anything is moved where a registry has the image, but not for this platform. What cannot be known is let be. */
async function checkPlatform(image: string, platform: string, engine: Engine, signal: AbortSignal): Promise<void> {
  const there = await platformsOf(image, engine, signal)
  if (!there || there.some(other => fits(other, platform))) return
  throw new EngineError('not-found', `image "${image}" is not there for ${platform}, but for ${there.join(', ')}`, {
    hint: 'name one of these as "platform", or another image',
  })
}

async function platformsOf(image: string, engine: Engine, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const found = await engine.imagePlatforms?.(image, { signal }).catch((error: unknown) => {
    if (isEngineError(error) && error.reason !== 'cancelled') return undefined
    throw error
  })
  return found && found.length > 0 ? found : undefined
}

/** `linux/arm64` asks for any variant. */
function fits(there: string, asked: string): boolean {
  const [os, arch, variant] = there.split('/')
  const [askedOs, askedArch, askedVariant] = asked.split('/')
  return (
    os === askedOs &&
    (askedArch === undefined || arch === askedArch) &&
    (askedVariant === undefined || variant === undefined || variant === askedVariant)
  )
}

/** Where there is none for this machine, for which ones there is. */
async function platformHint({ message }: EngineError, image: string, engine: Engine): Promise<string | undefined> {
  if (!/no match(?:ing manifest)? for/i.test(message)) return undefined
  const there = await platformsOf(image, engine, AbortSignal.timeout(10_000))
  return there && `it is there for ${there.join(', ')}: name one as "platform"`
}
