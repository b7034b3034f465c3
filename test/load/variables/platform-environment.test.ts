import { expect, test } from 'vitest'
import { memory } from '../../../src/load/files.ts'
import { load } from '../../../src/load/load.ts'
import { platformEnvironment } from '../../../src/load/variables/platform-environment.ts'

test('on Windows variables are found in any case, the exact name first', () => {
  const found = platformEnvironment({ Path: 'a', path: 'b' }, true)
  expect([found['Path'], found['path'], found['PATH'], found['nope']]).toEqual(['a', 'b', 'b', undefined])
  expect(Object.keys(found)).toEqual(['Path', 'path'])
})

test('elsewhere they are found by their exact name', () => {
  expect(platformEnvironment({ Path: 'a' }, false)['PATH']).toBeUndefined()
})

test('that holds for files, bare names, env files, included files, contents and settings', async () => {
  const { project } = await load({
    cwd: '/srv/demo',
    env: { tag: '1', Token: 't', compose_project_name: 'mine', Compose_Profiles: 'p' },
    windows: true,
    filesystem: memory({
      '/srv/demo/compose.yaml': `include: [sub/b.yaml]
services:
  a: {image: "x:\${TAG}", environment: [TOKEN], env_file: a.env, profiles: [p], extends: {service: c, file: c.yaml}}
  d: {build: {context: ., args: [TAG]}}
secrets: {s: {environment: TOKEN}}
`,
      '/srv/demo/a.env': 'FROM_FILE=$TAG\nTOKEN\n',
      '/srv/demo/c.yaml': 'services: {c: {hostname: "h$TAG"}}',
      '/srv/demo/sub/b.yaml': 'services: {b: {image: "y:$OWN-$TAG", environment: [OWN, TAG]}}',
      '/srv/demo/sub/.env': 'own=o\n',
    }),
  })
  expect(project).toMatchObject({
    name: 'mine',
    services: {
      a: { image: 'x:1', hostname: 'h1', environment: { TOKEN: 't', FROM_FILE: '1' } },
      b: { image: 'y:o-1', environment: { OWN: 'o', TAG: '1' } },
      d: { build: { args: { TAG: '1' } } },
    },
    secrets: { s: { content: 't' } },
  })
})
