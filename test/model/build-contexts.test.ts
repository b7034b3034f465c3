import { expect, test } from 'vitest'
import { withContextServices } from '../../src/model/build-contexts.ts'
import type { Service } from '../../src/model/project.ts'
import { select } from '../../src/model/select.ts'
import { aProject } from '../kit/project.ts'

test('services whose images others are built on are built with them, through others as well', () => {
  const build = (...on: string[]): Service => ({
    build: { additional_contexts: Object.fromEntries(on.map(name => [name, `service:${name}`])) },
  })
  const project = aProject({ web: build('base') }, { disabled: { base: build('root'), root: {}, other: {} } })
  expect(Object.keys(withContextServices(project).services)).toEqual(['web', 'base', 'root'])
})

test('their secrets stay declared where they are not chosen themselves', () => {
  const secrets = { token: { file: '/token' }, other: { file: '/other' } }
  const base = { build: { secrets: [{ source: 'token' }] } }
  const web = { build: { additional_contexts: { base: 'service:base' } } }
  const project = aProject({ web, base, apart: { build: { secrets: [{ source: 'other' }] } } }, { secrets })
  expect(Object.keys(select(project, { services: ['web'] }).secrets)).toEqual(['token'])
})
