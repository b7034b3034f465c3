import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compose } from '../../src/spec/file.ts'
import { type Accepted, accepted } from './accepted.ts'

/** Where the rows say more than the schema: docker compose refuses there what its schema lets through, or the other way round. */
const sharper: Readonly<Record<string, string>> = {
  '.services.*.blkio_config.weight': 'text is refused when it is decoded',
  '.services.*.blkio_config.weight_device[].weight': 'text is refused when it is decoded',
  '.services.*.volumes[].tmpfs.mode': 'text is refused when it is decoded',
  '.services.*.depends_on.*.required': 'text is cast, as it comes out of variables',
  '.services.*.ports[]': 'a port without target is refused when it is decoded',
  '.services.*.volumes[]': 'a mount without target is refused when it is decoded',
  '.services.*.storage_opt.*': 'the schema does not say what options are',
}

/** The official schema of the language; kept beside the project, not in it. */
const file = '../shared/compose/compose-spec.schema.json'

describe.skipIf(!existsSync(file))('the rows accept what shared/compose/compose-spec.schema.json accepts', () => {
  const official = existsSync(file) ? accepted(JSON.parse(readFileSync(file, 'utf8'))) : new Map<string, Accepted>()
  const ours = accepted(compose.schema)

  test('every attribute has its row', () => {
    expect([...official.keys()].filter(path => !ours.has(path))).toEqual([])
  })

  test('no row is for an attribute that the language does not have', () => {
    expect([...ours.keys()].filter(path => !official.has(path) && !(path in sharper))).toEqual([])
  })

  test.each([...official.keys()].filter(path => !(path in sharper)))('%s', path => {
    expect(ours.get(path)).toEqual(official.get(path))
  })

  test.each(Object.entries(sharper))('%s is another: %s', path => {
    expect(ours.get(path)).not.toEqual(official.get(path))
  })
})
