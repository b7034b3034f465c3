import { describe, expect, test } from 'vitest'
import { eventually, refusal, type Subject, stage, text } from './subject.ts'

/** Reading to the end, as a call that can be refused. */
async function all(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const piece of pieces) void piece
}

export function cancelling(subject: Subject): void {
  describe('an abort ends, as cancelled,', () => {
    const s = stage(subject, 'cancelling')
    const abort = () => {
      const controller = new AbortController()
      return { signal: controller.signal, soon: () => setTimeout(() => controller.abort(), 50) }
    }
    const cancelled = { reason: 'cancelled' }

    test('waiting', async () => {
      const { signal, soon } = abort()
      const box = await s.run()
      soon()
      expect(await refusal(s.engine.waitContainer(box, { signal }))).toMatchObject(cancelled)
    })

    test('following logs', async () => {
      const { signal, soon } = abort()
      const box = await s.run()
      soon()
      expect(await refusal(text(s.engine.logs(box, { follow: true, signal })))).toMatchObject(cancelled)
    })

    test('an attached stream', async () => {
      const { signal, soon } = abort()
      const attached = await s.engine.attach(await s.run(), { signal })
      soon()
      expect(await refusal(text(attached))).toMatchObject(cancelled)
    })

    test('events', async () => {
      const { signal, soon } = abort()
      const events = await s.engine.events({ project: s.project }, { signal })
      soon()
      expect(await refusal(all(events))).toMatchObject(cancelled)
    })

    test('any call before it is made', async () => {
      const signal = AbortSignal.abort()
      const box = await s.make()
      const calls = [
        () => s.engine.startContainer(box, { signal }),
        () => s.engine.stopContainer(box, { signal }),
        () => s.engine.removeContainer(box, { signal }),
        () => s.engine.waitContainer(box, { signal }),
        () => s.engine.attach(box, { signal }),
        () => s.engine.events({ project: s.project }, { signal }),
      ]
      for (const call of calls) expect(await refusal(call())).toMatchObject(cancelled)
      expect((await s.engine.inspectContainer(box)).state).toBe('created')
    })

    test('leaving a stream early lets go of it', async () => {
      const box = await s.run()
      const events = await s.engine.events({ project: s.project })
      await s.engine.pauseContainer(box)
      expect((await eventually(events, e => e.action === 'pause')).id).toBe(box)
      await s.engine.unpauseContainer(box)
    })
  })
}
