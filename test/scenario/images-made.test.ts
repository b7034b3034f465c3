import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { scenario } from '../kit/scenario.ts'

interface Image {
  readonly Author: string
  readonly Comment: string
  readonly Config: { readonly Env: readonly string[]; readonly Cmd: readonly string[] }
}

scenario(
  'images tells what containers were made from, commit makes one of a container, export its files, whole or not at all',
  'locked',
  async s => {
    const env = { IMAGE: inject('images').busybox }
    await s.gantry('up --detach', { env })
    const { Image: id } = await s.container('web')

    expect((await s.gantry('images', { env })).stdout).toMatch(
      /^CONTAINER +REPOSITORY +TAG +PLATFORM +IMAGE ID +SIZE +CREATED\n/,
    )
    expect((await s.gantry('images --quiet', { env })).stdout).toBe(`${id.replace('sha256:', '')}\n`)
    const [row] = JSON.parse((await s.gantry('images --format json', { env })).stdout) as [
      { ID: string; Platform: string },
    ]
    expect(row).toMatchObject({ ID: id, ContainerName: `${s.project}-web-1`, Platform: 'linux/amd64' })
    const { stdout } = await s.gantry('images --format {{.ContainerName}}={{.ID}} web', { env })
    expect(stdout).toBe(`${s.project}-web-1=${id.slice(7, 19)}\n`)

    const made = `${s.project}:seeded`
    await s.inside('web', 'touch', '/seeded')
    // A tab, since the line is split at blanks.
    const changes = '--change=CMD\t/bin/true --change=ENV\tA=1'
    await s.gantry(`commit --author=me --message=why ${changes} --pause=false web ${made}`, { env })
    const image = (await s.engine.call('GET', `/images/${made}/json`)) as Image
    expect([image.Author, image.Comment, image.Config.Cmd.at(-1)]).toEqual(['me', 'why', '/bin/true'])
    expect(image.Config.Env).toContain('A=1')

    await s.gantry('export --output web.tar web', { env })
    const archive = await readFile(join(s.folder, 'web.tar'))
    expect(archive.includes('seeded')).toBe(true)
    expect((await stat(join(s.folder, 'web.tar'))).mode & 0o777).toBe(0o600)
    await writeFile(join(s.folder, 'kept'), 'kept')
    expect((await s.gantry('export --output kept/web.tar web', { env, exit: 1 })).stderr).toContain(
      'invalid output path: directory',
    )
    await s.gantry('export --output /dev/null web', { env })
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true)
  },
)
