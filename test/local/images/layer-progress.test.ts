import { expect, test } from 'vitest'
import { layerProgress } from '../../../src/local/images/layer-progress.ts'
import { imageUnit } from '../../../src/local/units.ts'

test('a layer is told ten times a second at most, and each change and its end at once', () => {
  const told: string[] = []
  let now = 0
  const tell = layerProgress(
    imageUnit('web'),
    ({ part, text, current }) => void told.push(`${now} ${part} ${text} ${current ?? ''}`.trim()),
    () => now,
  )
  for (now = 0; now < 250; now += 10) tell({ layer: 'a', status: 'Downloading', current: now, total: 1000 })
  tell({ layer: 'b', status: 'Downloading', current: 1, total: 2 })
  tell({ layer: 'a', status: 'Downloading', current: 1000, total: 1000 })
  tell({ layer: 'a', status: 'Pull complete' })
  expect(told).toEqual([
    '0 a Downloading 0',
    '100 a Downloading 100',
    '200 a Downloading 200',
    '250 b Downloading 1',
    '250 a Downloading 1000',
    '250 a Pull complete',
  ])
})
