import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

scenario(
  'run has a terminal of our size, its keys and its exit code, and leaves ours as it was',
  'terminal',
  async s => {
    const run = await s.terminal('run --rm shell', { columns: 91, rows: 33 })
    await run.says('# ')
    run.type('stty size; echo $((40+2)) > /tmp/x; cat /tmp/x\r')
    await run.says('33 91')
    await run.says('42')
    // A bare line feed stays one, or editors could not move down.
    run.type('stty -onlcr; printf "a\\nb"; stty onlcr\r')
    await run.says('a\nb')
    // A bare line feed stays one, or editors could not move down.
    run.type('stty -onlcr; printf "a\\nb"; stty onlcr\r')
    await run.says('a\nb')
    run.resize(70, 20)
    await s.eventually(
      async () => {
        run.type('stty size\r')
        return run.says(/\d+ \d+\r\n/)
      },
      size => size.includes('20 70'),
    )
    // A command that Ctrl-C ends, and the shell goes on.
    run.type('sh -c "echo begun; exec sleep 1000"\r')
    await run.says(/begun\r\n/)
    run.type('\u0003')
    await run.says('# ')
    run.type('exit 9\r')
    expect(await run.ended).toEqual({ code: 9, terminal: 'cooked' })
    expect(await s.containers('shell')).toEqual([])
  },
)

scenario(
  'exec has a terminal, keys that let go of it, and leaves ours as it was however it ends',
  'terminal',
  async s => {
    await s.gantry('up --detach sh')
    const exec = await s.terminal('exec sh sh')
    await exec.says('# ')
    exec.type('tty; exit 3\r')
    await exec.says('/dev/pts/')
    expect(await exec.ended).toEqual({ code: 3, terminal: 'cooked' })

    const left = await s.terminal('exec --detach-keys ctrl-x,y sh sh')
    await left.says('# ')
    // Ctrl-P is the shell's now, and so is the first key without the second.
    left.type('echo a\u0018b\u0010c\r')
    await left.says('# ')
    left.type('\u0018y')
    expect(await left.ended).toEqual({ code: 0, terminal: 'cooked' })

    const killed = await s.terminal('exec sh sh')
    await killed.says('# ')
    await killed.signal('SIGHUP')
    expect(await killed.ended).toEqual({ code: 129, terminal: 'cooked' })
  },
)

scenario('a suspended exec gives the terminal back, and takes it again when it goes on', 'terminal', async s => {
  await s.gantry('up --detach sh')
  const exec = await s.terminal('exec sh sh')
  await exec.says('# ')
  await exec.signal('SIGTSTP')
  await exec.says('<suspended icanon>')
  exec.type('\n')
  exec.type('echo $((40+2))\r')
  await exec.says('\n42')
  exec.type('exit 4\r')
  expect(await exec.ended).toEqual({ code: 4, terminal: 'cooked' })
})

scenario('attach to a shell that runs, and let go of it', 'terminal', async s => {
  await s.gantry('up --detach shell')
  const attach = await s.terminal('attach shell')
  await attach.says('# ')
  // What is typed is drawn anew by the shell in the middle of it, now and then; what it prints is not.
  attach.type('x=here; echo set $x\r')
  await attach.says('\nset here')
  attach.type('\u0010\u0011')
  expect(await attach.ended).toEqual({ code: 0, terminal: 'cooked' })
  const again = await s.terminal('attach shell')
  await again.says('# ')
  again.type('echo still $x\r')
  await again.says('\nstill here')
  again.type('exit 5\r')
  expect(await again.ended).toEqual({ code: 5, terminal: 'cooked' })
})

scenario('run hands signals on to its container, and gives its exit code', 'terminal', async s => {
  const run = s.start('run --rm sh')
  await run.says('ready')
  run.signal('SIGUSR1')
  await run.says('heard USR1')
  run.signal('SIGHUP')
  await run.says('heard HUP')
  run.signal('SIGTERM')
  expect((await run.ended).code).toBe(7)
})

scenario('run lets go of a container that does not listen at the third Ctrl-C, and says so', 'terminal', async s => {
  const run = await s.terminal('run -T --name gantry-deaf deaf')
  await run.says('ready')
  const since = new Date()
  for (const times of [1, 2]) {
    run.type('\u0003')
    await s.eventually(
      async () => (await s.engine.events(s.project, since, new Date())).filter(e => e.Action === 'kill').length,
      heard => heard === times,
    )
  }
  run.type('\u0003')
  await run.says('gantry-deaf goes on')
  expect(await run.ended).toEqual({ code: 130, terminal: 'cooked' })
  expect((await s.container('deaf')).State.Status).toBe('running')
})

scenario(
  'up has keys under its lines: restart, detach, stop; the terminal is as it was after each',
  'menu',
  async s => {
    const up = await s.terminal('up')
    await up.says('s stop   r restart   w watch files   d detach')
    await up.says('web-1  | ')
    up.type('w')
    await up.says('there is nothing to watch')
    // An arrow is no "d", whatever it sends.
    up.type('\u001b[D')
    const { Id, State } = await s.container('web')
    up.type('r')
    await up.says('goodbye')
    await up.says('hello')
    await up.says('d detach')
    up.type('d')
    expect(await up.ended).toEqual({ code: 0, terminal: 'cooked' })
    const after = await s.container('web')
    expect(after.Id).toBe(Id)
    expect(after.State).toMatchObject({ Status: 'running' })
    expect(after.State.StartedAt).not.toBe(State.StartedAt)

    const again = await s.terminal('up')
    await again.says('d detach')
    again.type('s')
    expect(await again.ended).toEqual({ code: 0, terminal: 'cooked' })
    expect(await s.states()).toEqual(['web-1 exited'])
    const output = await s.terminal('up --menu=false')
    await output.says('web-1  | ')
    output.type('\u0003')
    expect(await output.ended).toEqual({ code: 130, terminal: 'cooked' })
    expect(output.output()).not.toContain('detach')
  },
)

scenario('a suspended up with keys gives the terminal back, and draws itself again', 'menu', async s => {
  const up = await s.terminal('up')
  await up.says('d detach')
  up.type('\u001a')
  await up.says('<suspended icanon>')
  up.type('\n')
  await up.says('d detach')
  up.type('\u0003')
  expect(await up.ended).toEqual({ code: 130, terminal: 'cooked' })
})

scenario(
  'the first Ctrl-C says why it takes long and counts down, the second ends it; 130 with a menu',
  'stubborn',
  async s => {
    const up = await s.terminal('up')
    await up.says('d detach')
    up.type('\u0003')
    await up.says('Gracefully Stopping... press Ctrl+C again to force')
    await up.says(/deaf-1: its first process ignores SIGTERM|deaf-1 has not ended since SIGTERM/)
    await up.says(/Stopping, killed in \d+s/)
    up.type('\u0003')
    expect(await up.ended).toEqual({ code: 130, terminal: 'cooked' })
    expect(await s.states()).toEqual(['deaf-1 exited'])
  },
)

scenario('output into a pipe that is closed ends quietly', 'menu', async s => {
  await s.gantry('up --detach')
  const logs = await s.terminal('logs --follow')
  await logs.says('hello')
  await logs.signal('SIGINT')
  expect(await logs.ended).toEqual({ code: 130, terminal: 'cooked' })
  // As `logs | head -n 1` does.
  const piped = s.start('logs --follow web')
  await piped.says('hello')
  piped.leave()
  expect(await piped.ended).toMatchObject({ code: 0, stderr: '' })
})
