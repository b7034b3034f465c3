import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { configText } from '../../src/actions/config/config.ts'
import { configHashes } from '../../src/actions/config/hashes.ts'
import { memory } from '../../src/load/files.ts'
import { type LoadOptions, load } from '../../src/load/load.ts'
import { rawTree } from '../../src/load/raw.ts'
import type { Json } from '../../src/model/project.ts'
import { select } from '../../src/model/select.ts'
import { UserError } from '../../src/text/problem.ts'
import { exceptions } from './exceptions.ts'

/** What docker compose 5.5 made of generated projects; kept beside the project, not in it. */
const file = '../shared/compose/vectors.jsonl'

interface Vector {
  readonly id: string
  readonly files: Readonly<Record<string, string>>
  readonly model?: Json
  readonly hash?: Readonly<Record<string, string>>
  readonly no_interpolate?: Json
  readonly refused?: string
}

const directory = '/srv/vectors/p'

describe.skipIf(!existsSync(file))(
  'docker compose 5.5 makes the same of the projects in shared/compose/vectors.jsonl',
  () => {
    const vectors = existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map(line => JSON.parse(line) as Vector)
      : []

    test.each(vectors.filter(v => !exceptions.has(v.id)))('$id', async vector => {
      expect(await outcome(vector)).toEqual(expected(vector))
    })

    test.each(vectors.filter(v => exceptions.has(v.id)))('$id is an exception that still holds', async vector => {
      expect(await outcome(vector)).not.toEqual(expected(vector))
    })
  },
)

async function outcome(vector: Vector): Promise<unknown> {
  const files = Object.entries(vector.files).map(([path, text]) => [`${directory}/${path}`, text] as const)
  const options: LoadOptions = {
    cwd: directory,
    env: { HOME: '/home/user', PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' },
    filesystem: memory(Object.fromEntries(files)),
  }
  try {
    const { project } = await load(options)
    const hash = Object.fromEntries(configHashes(project, '*').map(line => line.split(' ')))
    const part = select(project, {})
    const result = { model: JSON.parse(configText(part, { format: 'json', escape: true })) as Json, hash }
    if (vector.no_interpolate === undefined || vector.no_interpolate === null) return result
    return { ...result, no_interpolate: plain(await rawTree({ ...options, without: new Set(['interpolate']) })) }
  } catch (error) {
    if (error instanceof UserError) return 'refused'
    throw error
  }
}

function expected({ model, hash, no_interpolate, refused }: Vector): unknown {
  if (refused !== undefined) return 'refused'
  return { model, hash, ...(no_interpolate && { no_interpolate }) }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
