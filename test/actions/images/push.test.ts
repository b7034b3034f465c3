import { expect, test } from 'vitest'
import { push } from '../../../src/actions/images/push.ts'
import { aProject } from '../../kit/project.ts'

test('names of one repository are pushed one after the other, those of others meanwhile', async () => {
  const pushed: string[] = []
  const underWay = new Set<string>()
  const together = new Set<string>()
  const engine = {
    async pushImage(image: string) {
      underWay.add(image)
      together.add([...underWay].sort().join(' '))
      await new Promise(next => setImmediate(next))
      underWay.delete(image)
      pushed.push(image)
      if (image === 'here:5000/web:1') throw new Error('refused')
    },
  }
  const project = aProject({
    web: { image: 'here:5000/web:1', build: { context: '/', tags: ['here:5000/web:latest'] } },
    db: { image: 'here:5000/db:1', build: { context: '/' } },
  })
  await expect(push(project, { engine, emit: () => {}, signal: new AbortController().signal })).rejects.toThrow(
    'refused',
  )
  expect(pushed.toSorted()).toEqual(['here:5000/db:1', 'here:5000/web:1', 'here:5000/web:latest'])
  expect([...together]).toContain('here:5000/db:1 here:5000/web:1')
  expect([...together].filter(names => names.match(/web/g)?.length === 2)).toEqual([])
})
