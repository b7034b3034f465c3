import { describe, expect, test } from 'vitest'
import { refusal, type Subject, stage } from './subject.ts'

export function volumes(subject: Subject): void {
  describe('volumes', () => {
    const s = stage(subject, 'volumes')
    const volume = async (what: string) => {
      const name = s.name(what)
      await s.engine.createVolume(name, { labels: s.labels() })
      return name
    }

    test('a volume is found by name and listed under its project', async () => {
      const name = await volume('plain')
      expect(await s.engine.inspectVolume(name)).toMatchObject({ name, driver: 'local', labels: s.labels() })
      expect((await s.engine.listVolumes(s.project)).map(v => v.name)).toContain(name)
      expect(await s.engine.listVolumes('gantry-no-project')).toEqual([])
      expect((await s.engine.listVolumes()).map(v => v.name)).toContain(name)
    })

    test('a volume that is there already is left as it is', async () => {
      const name = await volume('twice')
      await s.engine.createVolume(name, { labels: { ...s.labels(), other: 'yes' } })
      expect((await s.engine.inspectVolume(name))!.labels).toEqual(s.labels())
    })

    test('a volume that is not there is undefined, and cannot be removed', async () => {
      expect(await s.engine.inspectVolume('gantry-nothing')).toBeUndefined()
      expect((await refusal(s.engine.removeVolume('gantry-nothing'))).reason).toBe('not-found')
    })

    test('a volume in use is not removed, even where its container has ended', async () => {
      const name = await volume('used')
      const box = await s.make({ binds: [`${name}:/data`] })
      expect((await refusal(s.engine.removeVolume(name))).reason).toBe('conflict')
      await s.engine.removeContainer(box)
      await s.engine.removeVolume(name)
      expect(await s.engine.inspectVolume(name)).toBeUndefined()
    })

    test('mounts are told: named, anonymous, read-only', async () => {
      const name = await volume('mounted')
      const box = await s.make({
        binds: [`${name}:/data`, '/etc:/host:ro'],
        mounts: [{ type: 'volume', target: '/anon' }],
      })
      const mounts = new Map((await s.engine.inspectContainer(box)).mounts.map(m => [m.target, m]))
      expect(mounts.get('/data')).toMatchObject({ type: 'volume', name, rw: true })
      expect(mounts.get('/host')).toMatchObject({ type: 'bind', source: '/etc', rw: false })
      expect(mounts.get('/anon')!.name).toMatch(/^[0-9a-f]{64}$/)
    })

    test('anonymous volumes go with their container where that is asked for, named ones never', async () => {
      const name = await volume('kept')
      const spec = { binds: [`${name}:/data`], mounts: [{ type: 'volume', target: '/anon' }] }
      const anonymous = async (box: string) =>
        (await s.engine.inspectContainer(box)).mounts.find(m => m.target === '/anon')!.name!
      const [going, staying] = [await s.make(spec), await s.make(spec)]
      const [gone, stays] = [await anonymous(going), await anonymous(staying)]
      await s.engine.removeContainer(going, { volumes: true })
      await s.engine.removeContainer(staying)
      expect(await s.engine.inspectVolume(gone)).toBeUndefined()
      expect(await s.engine.inspectVolume(stays)).toBeDefined()
      expect(await s.engine.inspectVolume(name)).toBeDefined()
      await s.engine.removeVolume(stays)
    })
  })
}
