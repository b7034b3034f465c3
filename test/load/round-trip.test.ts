import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configText } from '../../src/actions/config/config.ts'
import { memory } from '../../src/load/files.ts'
import { load } from '../../src/load/load.ts'
import { select } from '../../src/model/select.ts'

const corpus = 'fixtures/corpus'

/** What is printed of the projects of the corpus, without the warnings before it. */
const printed = readdirSync(corpus).flatMap(name => {
  const expected = readFileSync(join(corpus, name, 'expected.txt'), 'utf8')
  const begin = /^name: /m.exec(expected)?.index
  return begin === undefined ? [] : [[name, expected.slice(begin)] as const]
})

/** What does not come back as it was, and why. */
const lost: Readonly<Record<string, string>> = {
  'environment-keys-are-not-interpolated': 'keys with dollars are doubled, and never filled in',
  'yaml-dollar-in-a-key': 'keys with dollars are doubled, and never filled in',
  'files-override-extra-hosts-repeat': 'docker compose prints a host twice that two files have',
  'no-interpolate-dollars-stay': 'printed to be looked at, not to be read',
  'no-interpolate-leaves-types-unchecked': 'printed to be looked at, not to be read',
  'paths-are-left-as-written': 'an absolute path is what a path as written becomes',
  'ports-override-number-and-text-are-two': 'two ports that are the same once both are text',
  'ulimits-forms': 'docker compose prints limits of zero as {}',
}

async function again(text: string): Promise<string> {
  const filesystem = memory({ '/srv/demo/compose.yaml': text })
  const { project } = await load({
    cwd: '/srv/demo',
    env: { HOME: '/home/me' },
    filesystem,
    all_profiles: true,
    without: new Set(['consistency', 'env-resolution', 'normalize']),
  })
  return configText(select(project, { allResources: true }), { format: 'yaml', escape: true })
}

describe('a project that config printed is read as it was', () => {
  test.each(printed.filter(([name]) => !Object.hasOwn(lost, name)))('%s', async (_name, text) => {
    expect(await again(text)).toBe(text)
  })
})

describe('what is not', () => {
  test.each(Object.entries(lost))('%s: %s', async name => {
    const [, text] = printed.find(([other]) => other === name)!
    expect(await again(text).catch((error: Error) => error.message)).not.toBe(text)
  })
})
