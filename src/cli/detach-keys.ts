import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { userError } from '../text/problem.ts'
import type { App } from './app.ts'

/** The keys that let go of a container, in the engine's spelling and as a terminal sends them. */
export interface DetachKeys {
  readonly text: string
  readonly bytes: Uint8Array
}

const usual = 'ctrl-p,ctrl-q'

/** Those of the flag, else of docker's config.json, else Ctrl-P Ctrl-Q. Throws UserError for what no keys are. */
export async function detachKeys(flag: string | undefined, { env }: Pick<App, 'env'>): Promise<DetachKeys> {
  const text = flag || (await configured(env)) || usual
  const bytes = text.split(',').map(byteOf)
  if (bytes.every(byte => byte !== undefined)) return { text, bytes: Uint8Array.from(bytes) }
  throw userError(
    'bad-flag-value',
    `invalid detach keys (${text}) provided`,
    'write keys with commas between them: a letter, or "ctrl-" and one of a to z, @, [, \\, ], ^, _',
  )
}

async function configured(env: App['env']): Promise<string | undefined> {
  const folder = env['DOCKER_CONFIG'] || (env['HOME'] && join(env['HOME'], '.docker'))
  if (!folder) return undefined
  try {
    const { detachKeys: keys } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
      readonly detachKeys?: unknown
    }
    return typeof keys === 'string' ? keys : undefined
  } catch {
    // Who has no such file, or a broken one, has the usual keys; credentials tell of broken ones.
    return undefined
  }
}

function byteOf(key: string): number | undefined {
  if (/^[ -~]$/.test(key)) return key.charCodeAt(0)
  const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key)?.[1]
  return control === undefined ? undefined : control.toUpperCase().charCodeAt(0) & 0x1f
}

/** What is typed, but for the keys: where they come, `detached` is called and the rest is not handed on. */
export async function* untilKeys(
  typed: AsyncIterable<Uint8Array>,
  keys: Uint8Array,
  detached: () => void,
): AsyncGenerator<Uint8Array> {
  /** How many of the keys have come, which are held back until it is known what they are. */
  let held = 0
  for await (const piece of typed) {
    const out: number[] = []
    for (const byte of piece) {
      if (byte !== keys[held] && held > 0) {
        out.push(...keys.subarray(0, held))
        held = 0
      }
      if (byte !== keys[held]) out.push(byte)
      else if (++held === keys.length) {
        if (out.length > 0) yield Uint8Array.from(out)
        detached()
        return
      }
    }
    if (out.length > 0) yield Uint8Array.from(out)
  }
  if (held > 0) yield keys.subarray(0, held)
}
