import { describe, expect, inject, test } from 'vitest'
import { connect } from '../../src/engine/connect.ts'
import type { ContainerSpec } from '../../src/engine/engine.ts'
import { type Behaviour, fakeEngine } from '../kit/fake-engine.ts'
import { cancelling } from './cancelling.ts'
import { containers } from './containers.ts'
import { live } from './live.ts'
import { networks } from './networks.ts'
import { onlyReal } from './only-real.ts'
import { output } from './output.ts'
import { IMAGE, type Subject } from './subject.ts'
import { volumes } from './volumes.ts'

/** The engine that the set-up of the tests found or started; else as DOCKER_HOST says. */
const env = { ...process.env, ...(inject('engine') && { DOCKER_HOST: inject('engine') }) }

const inMemory: Subject = {
  name: 'the engine in memory',
  real: false,
  open: async () => fakeEngine({ images: [IMAGE], behave }).engine,
}

const installed: Subject = {
  name: 'the engine that is there',
  real: true,
  open: () => connect({ env }),
}

/** The fake's idea of the few commands of the contract. */
function behave({ command = [], healthcheck }: ContainerSpec): Behaviour {
  const script = command[2] ?? ''
  const exit = /^exit (\d+)$/.exec(script)?.[1]
  const printed = /^printf '(.*)'$/s.exec(script)?.[1]
  const unhealthy = healthcheck?.test?.[0] === 'CMD-SHELL' && healthcheck.test[1]?.includes('exit 1')
  return {
    ...(exit !== undefined && { exits: Number(exit) }),
    ...(printed !== undefined && { exits: 0, writes: printed.replaceAll('\\n', '\n') }),
    ...(unhealthy && { health: ['unhealthy', 'unhealthy'] as const }),
  }
}

for (const subject of [inMemory, installed]) {
  // Without an engine these tests fail: only who says so may do without.
  const left = subject.real && process.env['GANTRY_TEST_ENGINE'] === 'none'
  describe.skipIf(left)(subject.name, () => {
    containers(subject)
    networks(subject)
    volumes(subject)
    output(subject)
    cancelling(subject)
    if (subject.real) {
      onlyReal(subject)
      live(subject)
    }
  })
}

test('an engine says where it was found, what it is and what it speaks', async () => {
  if (process.env['GANTRY_TEST_ENGINE'] === 'none') return
  const engine = await connect({ env })
  const { flavour, version, apiVersion, os, where } = engine.info
  expect(['docker', 'podman']).toContain(flavour)
  expect(version).toMatch(/^\d+\.\d+/)
  expect(apiVersion).toMatch(/^1\.\d\d$/)
  expect(os).toBe('linux')
  expect(where).toMatch(/:\/\/.* \(.+\)$/)
  engine.close()
})
