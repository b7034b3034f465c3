import { describe, expect, test } from 'vitest'
import { listeningChecks } from '../../../src/actions/doctor/connection.ts'
import { clock, limits, pools } from '../../../src/actions/doctor/engine.ts'
import { listening } from '../../../src/actions/why/probe.ts'

describe('the engine’s clock', () => {
  test('is well within the seconds that an answer takes and five more', () => {
    expect(clock({ time: 100_000 }, 99_000, 101_000).state).toBe('ok')
    expect(clock({ time: 100_000 }, 104_000, 104_100).state).toBe('ok')
  })

  test('is told with how far it is off, and in which direction', () => {
    expect(clock({ time: 100_000 }, 194_000, 194_000)).toMatchObject({ code: 'time-skew', state: 'warning' })
    expect(clock({ time: 100_000 }, 194_000, 194_000).message).toContain('94 s behind')
    expect(clock({ time: 100_000 }, 6000, 6000).message).toContain('94 s ahead')
  })

  test('is unknown where the engine does not tell it', () => {
    expect(clock({}, 0, 0).state).toBe('unknown')
  })
})

test('limits that the engine ignores are named as the file spells them', () => {
  const can = { memory: true, swap: true, pids: true, cpus: true, cpuset: true }
  expect(limits({ limits: can }).state).toBe('ok')
  expect(limits({ limits: { ...can, swap: false, pids: false } }).message).toBe(
    'the engine cannot hold memswap_limit, pids_limit: they are ignored',
  )
})

test('address ranges are told before they run out', () => {
  const bridges = (n: number) => Array.from({ length: n }, () => ({ driver: 'bridge' }))
  expect(pools({ pools: [] }, bridges(3)).state).toBe('ok')
  expect(pools({ pools: [] }, bridges(28)).state).toBe('warning')
  expect(pools({ pools: [] }, bridges(31)).state).toBe('error')
  expect(pools({ pools: [{ base: '10.64.0.0/12', size: 24 }] }, bridges(31)).message).toContain('31 of about 4096')
})

describe('who listens', () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 0B00007F:A3D1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1
   3: 0200000A:0050 0300000A:C350 01 00000000:00000000 00:00000000 00000000     0        0 4 1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000
`

  test('is read from the kernel’s tables, of both families, without connections', () => {
    expect(listening(tcp)).toEqual([
      { address: '127.0.0.11', port: 41_937 },
      { address: '127.0.0.1', port: 8080 },
      { address: '0.0.0.0', port: 80 },
      { address: '::', port: 3000 },
      { address: '::1', port: 3001 },
    ])
  })

  test.each([
    [80, 'ok', 'something listens on port 80 in db-1'],
    [8080, 'error', 'in db-1 port 8080 is open at 127.0.0.1 only: nobody else can reach it'],
    [5432, 'error', 'nothing listens on port 5432 in db-1; open are 8080, 80, 3000, 3001'],
  ])('on port %i', (port, state, message) => {
    expect(listeningChecks({ name: 'db-1' }, port, listening(tcp))).toMatchObject([{ state, message }])
  })

  test('is unknown where nobody could look', () => {
    expect(listeningChecks({ name: 'db-1' }, 80, undefined)).toMatchObject([{ state: 'unknown' }])
  })
})
