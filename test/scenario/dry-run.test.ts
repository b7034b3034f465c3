import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario(
  'a dry run of any command says what it would do and does nothing',
  'dry-run',
  async s => {
    await s.gantry('up --detach')
    await s.eventually(
      () => s.states('job'),
      ([job]) => job === 'job-1 exited',
    )
    const before = await seen()
    const lines = {
      'up --force-recreate': 'web-1',
      'down --volumes': 'web-1',
      'stop web': 'web-1',
      'restart web': 'web-1',
      'kill web': 'web-1',
      'pause web': 'web-1',
      'rm --force --stop web': 'web-1',
      'scale web=2': 'web-2',
      'run web touch /made': 'web-run-',
      'exec web touch /made': 'web-1',
      'attach web': 'web-1',
      'cp compose.yaml web:/made': 'web-1',
      'commit web gantry-dry-run:1': 'web-1',
      'export --output made.tar web': 'web-1',
      'config --output made.yaml': 'made.yaml',
    }
    for (const [line, name] of Object.entries(lines)) {
      expect((await s.gantry(`--dry-run ${line}`)).stderr, line).toContain(name)
      expect(await seen(), line).toEqual(before)
    }
    for (const file of ['made.tar', 'made.yaml']) await expect(access(join(s.folder, file))).rejects.toThrow('ENOENT')
    await expect(s.inside('web', 'ls', '/made')).rejects.toThrow('No such file')

    async function seen() {
      const all = await s.containers()
      return all.map(({ Id, State }) => [Id, State.Status, State.StartedAt])
    }
  },
  { from: 'fixtures/scenario/ps' },
)
