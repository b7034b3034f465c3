import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileContents, hiddenBy } from '../../../src/local/container/file-contents.ts'
import { aFolder } from '../../kit/folder.ts'
import { aProject } from '../../kit/project.ts'

test('files of secrets and configs that services use are read; what is missing or a directory is left out', async () => {
  const root = aFolder({ used: 'text', unused: 'text', 'directory/a': '' })
  const file = (name: string) => ({ file: join(root, name) })
  const project = aProject(
    {
      web: {
        secrets: [{ source: 'used' }, { source: 'missing' }],
        configs: [{ source: 'directory' }, { source: 'text' }],
      },
    },
    {
      secrets: { used: file('used'), unused: file('unused'), missing: file('missing') },
      configs: { directory: file('directory'), text: { content: 'x' } },
    },
  )
  const contents = await fileContents(project)
  expect([...contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
    [join(root, 'used'), 'text'],
  ])
})

test('a tmpfs hides what is below it, and nothing beside it', () => {
  const service = { tmpfs: ['/run:size=1m'], volumes: [{ type: 'tmpfs', target: '/t' }] } as const
  expect(hiddenBy(service, '/run/secrets/a')).toBe('/run')
  expect(hiddenBy(service, '/t/a')).toBe('/t')
  expect(hiddenBy(service, '/running/a')).toBeUndefined()
})
