import { describe, expect, test } from 'vitest'
import type { EngineEvent } from '../../src/engine/engine.ts'
import { eventually, exits, type Subject, says, stage, text } from './subject.ts'

export function output(subject: Subject): void {
  describe('output and events', () => {
    const s = stage(subject, 'output')

    test('logs give what a container has said, the unterminated last line included', async () => {
      const box = await s.run({ command: says('one\ntwo\nthree') })
      await s.engine.waitContainer(box)
      expect(await text(s.engine.logs(box, {}))).toBe('one\ntwo\nthree')
    })

    test('`tail` gives the last lines', async () => {
      const box = await s.run({ command: says('one\ntwo\nthree\n') })
      await s.engine.waitContainer(box)
      expect(await text(s.engine.logs(box, { tail: 2 }))).toBe('two\nthree\n')
      expect(await text(s.engine.logs(box, { tail: 0 }))).toBe('')
    })

    test('following ends when the container does', async () => {
      const box = await s.run()
      const following = text(s.engine.logs(box, { follow: true }))
      await s.engine.stopContainer(box, { timeout: 1000 })
      expect(await following).toBe('')
    })

    test('who attaches before the start misses nothing', async () => {
      const box = await s.make({ command: says('first\nlast') })
      const attached = await s.engine.attach(box)
      await s.engine.startContainer(box)
      expect(await text(attached)).toBe('first\nlast')
    })

    test('events tell a container’s life in order, from before it began', async () => {
      const events = await s.engine.events({ project: s.project })
      const box = await s.run({ command: exits(5) })
      await s.engine.waitContainer(box)
      await s.engine.removeContainer(box)
      const seen: EngineEvent[] = []
      await eventually(events, e => {
        if (e.id === box) seen.push(e)
        return e.id === box && e.action === 'destroy'
      })
      const life = seen.filter(e => ['create', 'start', 'die', 'destroy'].includes(e.action))
      expect(life.map(e => e.action)).toEqual(['create', 'start', 'die', 'destroy'])
      expect(life.find(e => e.action === 'die')!.exitCode).toBe(5)
      expect(life[0]!.attributes).toMatchObject(s.labels())
      expect(life.map(e => e.time)).toEqual(life.map(e => e.time).toSorted((a, b) => a - b))
    })

    test('events of other projects are not told', async () => {
      const events = await s.engine.events({ project: `${s.project}-other` })
      const labels = { 'com.docker.compose.project': `${s.project}-other` }
      const [ours, theirs] = [await s.make(), await s.make({ labels })]
      const first = await eventually(events, () => true)
      expect(first.id).toBe(theirs)
      for (const id of [ours, theirs]) await s.engine.removeContainer(id)
    })

    test('events name the container, by its new name once it has one', async () => {
      const [before, after] = [s.name('before'), s.name('after')]
      const events = await s.engine.events({ project: s.project })
      const box = await s.make({}, before)
      await s.engine.renameContainer(box, after)
      await s.engine.startContainer(box)
      const start = await eventually(events, e => e.id === box && e.action === 'start')
      expect(start.name).toBe(after)
    })

    test('a command runs in a running container, and gives its exit code', async () => {
      const box = await s.run()
      expect(await s.engine.exec(box, { command: ['true'] })).toBe(0)
    })
  })
}
