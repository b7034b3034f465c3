import { execFileSync } from 'node:child_process'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Running, type Scene, scenario } from '../kit/scenario.ts'

/** Watches while something is done. */
async function watching(s: Scene, line: string, during: (watch: Running) => Promise<unknown>): Promise<void> {
  const watch = s.start(line)
  try {
    await watch.says('Watch enabled')
    await during(watch)
  } finally {
    watch.signal('SIGINT')
    expect((await watch.ended).code).toBe(130)
  }
}

/** "" while there is no such file, or no container that runs. */
const read = (s: Scene, service: string, path: string) =>
  s.inside(service, 'sh', '-c', `cat ${path} 2>/dev/null || true`).catch(() => '')

const save = (s: Scene, file: string, text: string) => writeFile(join(s.folder, file), text)

/** A repository of a thousand files and a page on branch "old"; on "new" the files say something else, and the page is gone. */
async function twoBranches(s: Scene): Promise<(branch: string) => void> {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: s.folder, stdio: 'ignore' })
  const fill = async (text: string) => {
    await mkdir(join(s.folder, 'src/many'), { recursive: true })
    await Promise.all(Array.from({ length: 1000 }, (_, i) => save(s, `src/many/f${i}`, `${text} ${i}`)))
  }
  git('init', '--quiet', '--initial-branch=old')
  await fill('old')
  git('add', '.')
  git('commit', '--quiet', '--message=old')
  git('checkout', '--quiet', '-b', 'new')
  await fill('new')
  await rm(join(s.folder, 'src/page'))
  git('add', '--all')
  git('commit', '--quiet', '--message=new')
  git('checkout', '--quiet', 'old')
  return branch => void git('checkout', '--quiet', branch)
}

scenario('a saved file is in the container, a deleted one is gone, an ignored one never comes', 'watch', async s => {
  await s.gantry('up --detach web')
  await watching(s, 'watch --no-up', async watch => {
    await save(s, 'src/page', 'second')
    await mkdir(join(s.folder, 'src/deep/er'), { recursive: true })
    await save(s, 'src/deep/er/new', 'new')
    await mkdir(join(s.folder, 'src/node_modules'))
    await save(s, 'src/node_modules/index.js', 'no')
    await s.eventually(
      () => read(s, 'web', '/app/page /app/deep/er/new'),
      text => text === 'secondnew',
    )
    expect((await s.inside('web', 'stat', '-c', '%u:%g', '/app/deep/er/new')).trim()).toBe('1000:1000')
    await rename(join(s.folder, 'src/deep'), join(s.folder, 'src/moved'))
    await rm(join(s.folder, 'src/page'))
    await s.eventually(
      () => s.inside('web', 'find', '/app', '-type', 'f'),
      text => text.trim() === '/app/moved/er/new',
    )
    await watch.says(/web {2}sync .*\d+ deleted/)
  })
})

scenario(
  'what is deleted is deleted in an image without shell and rm, running or stopped, but no mount',
  'watch-scratch',
  async s => {
    await s.gantry('up --detach')
    const has = (path: string) =>
      s.gantry(`cp bare:${path} ./copied`).then(
        () => true,
        () => false,
      )
    const gone = (path: string) =>
      s.eventually(
        () => has(path),
        there => !there,
      )
    await watching(s, 'watch --no-up', async watch => {
      await save(s, 'src/page', 'two')
      await watch.says('bare  sync 1 file')
      await rm(join(s.folder, 'src/page'))
      await watch.says(/bare {2}sync 1 deleted \d/)
      expect(await has('/app/page')).toBe(false)
      await rm(join(s.folder, 'src/lib'), { recursive: true })
      await gone('/app/lib')
      await rename(join(s.folder, 'src/kept'), join(s.folder, 'elsewhere'))
      await watch.says('"/app/kept/data" is mounted there')
      expect(await has('/app/kept/data')).toBe(true)
      await s.gantry('stop --timeout 0')
      await rm(join(s.folder, 'src/other'))
      await gone('/app/other')
      await s.gantry('rm --force bare')
      await save(s, 'src/page', 'three')
      await watch.says('service "bare" has no container: nothing is sent')
    })
  },
)

scenario(
  'a large file arrives whole, and a folder that was deleted, moved or made a file is followed',
  'watch',
  async s => {
    await s.gantry('up --detach web')
    await watching(s, 'watch --no-up', async () => {
      const arrives = (path: string, text: string) =>
        s.eventually(
          () => read(s, 'web', path),
          found => found === text,
        )
      await save(s, 'src/large', 'x'.repeat(400_000))
      await arrives('/app/large', 'x'.repeat(400_000))
      await rm(join(s.folder, 'src'), { recursive: true })
      await mkdir(join(s.folder, 'src/lib'), { recursive: true })
      await save(s, 'src/lib/a', 'a')
      await arrives('/app/lib/a', 'a')
      await rename(join(s.folder, 'src/lib'), join(s.folder, 'away'))
      await s.eventually(
        () => s.inside('web', 'ls', '/app'),
        text => text === '',
      )
      await rename(join(s.folder, 'away'), join(s.folder, 'src/lib'))
      await arrives('/app/lib/a', 'a')
      await rm(join(s.folder, 'src/lib'), { recursive: true })
      await save(s, 'src/lib', 'a file now')
      await arrives('/app/lib', 'a file now')
    })
  },
)

scenario(
  'a container that an edit has broken says why, each time, and lives once it is mended',
  'watch-crash',
  async s => {
    await s.gantry('up --detach')
    await watching(s, 'watch --no-up', async watch => {
      const runs = () =>
        s.eventually(
          () => s.states('web'),
          states => states.join() === 'web-1 running',
        )
      await save(s, 'app/run', 'echo no such table: users; exit 3')
      await watch.says(/ended by itself with code 3[^]*no such table: users/)
      await save(s, 'app/run', 'echo mended')
      await runs()
      await save(s, 'app/run', 'echo no such table: orders; exit 4')
      await watch.says(/ended by itself with code 4[^]*no such table: orders/)
      expect(watch.output().match(/with code 3/g)).toHaveLength(1)
    })
  },
)

scenario('an ignore file that is changed holds at once', 'watch-scratch', async s => {
  await s.gantry('up --detach')
  await watching(s, 'watch --no-up', async watch => {
    await save(s, '.dockerignore', 'src/*.log\n')
    await save(s, 'src/a.log', 'never')
    await save(s, 'src/page', 'two')
    await watch.says('bare  sync 1 file (3 B)')
    expect((await s.gantry('watch --verify')).stdout).toContain('4 of 4 files are the same')
  })
})

scenario('a branch switch over a thousand files arrives whole and as one, and --verify agrees', 'watch', async s => {
  const checkout = await twoBranches(s)
  await s.gantry('up --detach web')
  await watching(s, 'watch --no-up', async watch => {
    checkout('new')
    await watch.says(/web {2}sync 1000 files/)
    checkout('old')
    await watch.says(/web {2}sync 1001 files/)
    expect(await read(s, 'web', '/app/many/f999')).toBe('old 999')
  })
  const { stdout } = await s.gantry('watch --verify web', { exit: 2 })
  expect(stdout).toContain('web-1: 1001 of 1001 files are the same\n')
  expect(stdout).toContain('  missing: /conf/setting\n')
})

scenario('rules restart, run a command, and build anew, and each says why', 'watch', async s => {
  await s.gantry('up --detach')
  await watching(s, 'watch --no-up', async watch => {
    const before = (await s.container('web')).State.StartedAt
    await save(s, 'conf/setting', 'two')
    await watch.says('service(s) ["web"] restarted: conf/setting')
    expect((await s.container('web')).State.StartedAt).not.toBe(before)
    expect(await read(s, 'web', '/conf/setting')).toBe('two')
    await save(s, 'style/main', 'red')
    await s.eventually(
      () => read(s, 'web', '/tmp/built'),
      text => text === 'red',
    )
    const { Id } = await s.container('api')
    await save(s, 'package.json', '{"version": 2}')
    await watch.says('api  rebuild: package.json')
    await watch.says('api  rebuilt')
    expect((await s.container('api')).Id).not.toBe(Id)
    expect(await read(s, 'api', '/package.json')).toBe('{"version": 2}')
  })
})

scenario('a container that is made anew gets what it missed', 'watch', async s => {
  await s.gantry('up --detach web')
  const edited = () =>
    s.eventually(
      () => read(s, 'web', '/app/page'),
      text => text === 'edited',
    )
  await watching(s, 'watch --no-up', async () => {
    await save(s, 'src/page', 'edited')
    await edited()
    const before = (await s.container('web')).Id
    await s.gantry('up --detach --force-recreate web')
    await edited()
    expect((await s.container('web')).Id).not.toBe(before)
  })
})

scenario('a failing step is told, ends nothing, and is tried again with the next change', 'watch', async s => {
  await s.gantry('up --detach')
  await watching(s, 'watch --no-up', async watch => {
    await s.edit('compose.yaml', 'COPY package.json /', 'RUN false')
    await save(s, 'package.json', '{"version": 2}')
    await watch.says('it is tried again with the next change')
    await s.edit('compose.yaml', 'RUN false', 'COPY package.json /other')
    await s.eventually(
      () => read(s, 'api', '/other'),
      text => text === '{"version": 2}',
    )
  })
})

scenario('a changed compose file shows its plan, and is done with --apply', 'watch', async s => {
  await s.gantry('up --detach web')
  const id = async () => (await s.container('web').catch(() => undefined))?.Id
  const before = await id()
  await watching(s, 'watch --no-up web', async watch => {
    await s.edit(
      'compose.yaml',
      '    command: sleep 3600\n    develop:\n      watch:\n        - action: sync\n',
      '    command: sleep 3601\n    develop:\n      watch:\n        - action: sync\n',
    )
    await watch.says(/web-1 +replace +command "sleep 3600" -> "sleep 3601"/)
    expect(await id()).toBe(before)
  })
  await watching(s, 'watch --no-up --apply web', async () => {
    await s.edit('compose.yaml', 'sleep 3601', 'sleep 3602')
    await s.eventually(id, now => now !== undefined && now !== before)
    await s.eventually(
      () => s.states('web'),
      states => states.join() === 'web-1 running',
    )
  })
})

scenario('up --watch does so beside the containers’ output, with a mark of its own', 'watch', async s => {
  await watching(s, 'up --watch web', async watch => {
    await save(s, 'src/page', 'from up')
    await watch.says(/^⦿ web {2}sync 1 file/m)
    expect(await read(s, 'web', '/app/page')).toBe('from up')
  })
  await save(s, 'none.yaml', 'services: {a: {image: busybox}}\n')
  expect((await s.gantry('--file none.yaml up --watch', { exit: 1 })).stderr).toContain("'develop' section")
})

scenario('a project is watched once, and only where it says what to watch', 'watch', async s => {
  await s.gantry('up --detach web')
  await watching(s, 'watch --no-up', async () => {
    const { stderr } = await s.gantry('watch --no-up', { exit: 1 })
    expect(stderr).toContain(`cannot take exclusive lock for project "${s.project}"`)
  })
  await save(s, 'none.yaml', 'services: {a: {image: busybox}}\n')
  expect((await s.gantry('--file none.yaml watch --no-up', { exit: 1 })).stderr).toContain("'develop' section")
})
