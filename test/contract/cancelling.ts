import { describe, expect, test } from 'vitest'
import { eventually, refusal, type Subject, stage, text } from './subject.ts'

/** Reading to the end, as a call that can be refused. */
async function all(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const piece of pieces) void piece
}

export function cancelling(subject: Subject): void {
  describe('an abort ends, as cancelled,', () => {
    const s = stage(subject, 'cancelling')
    /** Makes a call and aborts it on the way: once the engine has answered what it was asked after that. */
    const aborted = async (box: string, call: (signal: AbortSignal) => Promise<unknown>) => {
      const controller = new AbortController()
      const refused = refusal(call(controller.signal))
      await s.engine.inspectContainer(box)
      controller.abort()
      return refused
    }
    const cancelled = { reason: 'cancelled' }

    test('waiting', async () => {
      const box = await s.run()
      expect(await aborted(box, signal => s.engine.waitContainer(box, { signal }))).toMatchObject(cancelled)
    })

    test('following logs', async () => {
      const box = await s.run()
      const follow = (signal: AbortSignal) => text(s.engine.logs(box, { follow: true, signal }))
      expect(await aborted(box, follow)).toMatchObject(cancelled)
    })

    test('an attached stream', async () => {
      const box = await s.run()
      const attach = async (signal: AbortSignal) => text(await s.engine.attach(box, { signal }))
      expect(await aborted(box, attach)).toMatchObject(cancelled)
    })

    test('an attached stream that is there and says nothing', async () => {
      const controller = new AbortController()
      const attached = await s.engine.attach(await s.run(), controller)
      const refused = refusal(text(attached))
      controller.abort()
      expect(await refused).toMatchObject(cancelled)
    })

    test('events', async () => {
      const controller = new AbortController()
      const refused = refusal(all(await s.engine.events({ project: s.project }, controller)))
      controller.abort()
      expect(await refused).toMatchObject(cancelled)
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
