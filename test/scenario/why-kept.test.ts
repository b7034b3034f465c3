import { expect } from 'vitest'
import { scenario } from '../kit/scenario.ts'

const count = (text: string, part: string) => text.split(part).length - 1

scenario('lack of memory is told though the container has started again since', 'why-kept', async s => {
  const { stderr } = await s.gantry('up --wait leaky', { exit: 1 })
  expect(stderr).toContain('"leaky" was ended by the kernel: it wanted more than its memory limit of 16 MiB')
  expect(stderr).toContain('  State.Status: running\n')
  const causes = JSON.parse((await s.gantry('why --format json leaky', { exit: 2 })).stdout)
  expect(causes[0]).toMatchObject({ code: 'exit-oom', certainty: 'certain', at: { file: 'compose.yaml', line: 7 } })
})

scenario(
  'whoever stays with containers is told once why each crashes, and nothing of those that are stopped',
  'why-kept',
  async s => {
    const up = s.start('up')
    await up.says('"crash" ended by itself with code 3')
    await up.says(/"leaky" was ended by the kernel/)
    await up.says(/"loop" crashes over and over: \d+ times by now/)
    // It goes on crashing, and nobody is told of that again.
    const rounds = count(up.output(), 'loop-1 exited with code 4')
    await s.eventually(
      () => Promise.resolve(count(up.output(), 'loop-1 exited with code 4')),
      now => now > rounds,
    )
    up.signal('SIGINT')
    const { stdout, stderr } = await up.ended
    const both = stdout + stderr
    expect(['crash', 'leaky', 'loop', 'well'].map(name => count(both, `✘ ${s.project}-${name}-1:`))).toEqual([
      1, 1, 1, 0,
    ])
    expect(both).not.toContain('its last lines:')
    expect(both).toContain('leaky-1 exited with code 137 (out of memory) (restarting)')
  },
)
