import { describe, expect, test } from 'vitest'
import { problems, read, written } from './read.ts'

describe('names and values', () => {
  test('are a mapping or a list; later ones win', () => {
    expect(written('environment', '{A: 1, B: x}', '["B=y", "C=z"]')).toEqual({ A: '1', B: 'y', C: 'z' })
    expect(written('labels', '["a=1", "b"]', '{a: 2}')).toEqual({ a: '2', b: '' })
  })

  test('a name alone unsets a variable, and empties a label', () => {
    expect(written('environment', '{A: 1}', '{A: }')).toEqual({ A: null })
    expect(written('environment', '{A: 1}', '[A]')).toEqual({ A: null })
    expect(written('labels', '{A: 1}', '{A: }')).toEqual({ A: '' })
  })

  test('become text as Go prints them', () => {
    expect(written('labels', '{a: 1.0, b: 1e3, c: 1000000.0, d: true, e: 0x1F, f: 012}')).toEqual({
      a: '1',
      b: '1000',
      c: '1e+06',
      d: 'true',
      e: '31',
      f: '10',
    })
  })

  test('may begin with x-', () => {
    expect(written('labels', '{x-a: 1}')).toEqual({ 'x-a': '1' })
  })

  test('a text over them is one more entry, and alone a mistake', () => {
    expect(written('environment', '{A: 1}', 'hello')).toEqual({ A: '1', hello: null })
    expect(problems('environment: hello')).toEqual([
      'error 3:18 expected a mapping, or a list of texts such as "A=1", found text; write "NAME: VALUE" lines below it',
    ])
  })

  test('a mapping in a list is told how to be written', () => {
    expect(problems('environment:\n- A: 1')).toEqual([
      'error 4:7 expected text such as "A=1", found a mapping; write A=1, or drop the dash for the mapping',
    ])
  })
})

test('an attribute left empty in a later file stays as it was', () => {
  expect(written('environment', '{A: 1}', '')).toEqual({ A: '1' })
  expect(written('ports', '["80:80"]', '')).toHaveLength(1)
  expect(written('image', 'x', '')).toBe('x')
  expect(written('logging', '{driver: a}', '')).toEqual({ driver: 'a' })
})

test('an attribute left empty in the only file is told', () => {
  expect(problems('image:\nports:')).toEqual([
    'error 3:5 expected text, found nothing; write a value, or remove it',
    'error 4:5 expected a list of ports, found nothing; write a value, or remove it',
  ])
})

test('what a service depends on is merged by name and by key', () => {
  expect(
    written(
      'depends_on',
      '{db: {condition: service_healthy, required: false}}',
      '{db: {restart: true, condition: service_started}}',
    ),
  ).toEqual({ db: { condition: 'service_started', restart: true, required: false } })
  expect(written('depends_on', '[db]')).toEqual({ db: { condition: 'service_started', required: true } })
  expect(problems('depends_on: {db: {}}\n')).toEqual([
    'error 3:22 "condition" is missing; write "condition:", one of "service_started", "service_healthy", "service_completed_successfully"',
  ])
  expect(problems('depends_on: [db, db]')).toEqual(['error 3:22 "db" is already given; remove one of them'])
})

test('networks are names, or a mapping that may be empty', () => {
  expect(written('networks', '[front]', '{front: {aliases: [x]}, back: }')).toEqual({
    back: null,
    front: { aliases: ['x'] },
  })
})

test('options of another logging driver replace those of the first', () => {
  expect(written('logging', '{driver: a, options: {x: 1}}', '{options: {y: 2}}')).toEqual({
    driver: 'a',
    options: { x: '1', y: '2' },
  })
  expect(written('logging', '{driver: a, options: {x: 1}}', '{driver: b, options: {y: }}')).toEqual({
    driver: 'b',
    options: { y: '' },
  })
})

test('extra hosts are added up', () => {
  expect(written('extra_hosts', '["a:1.1.1.1", "b=[::1]"]', '{a: 2.2.2.2}')).toEqual([
    'a=1.1.1.1',
    'a=2.2.2.2',
    'b=::1',
  ])
  expect(written('extra_hosts', '{a: [1.1.1.1, 2.2.2.2]}', '["a=1.1.1.1"]')).toEqual(['a=1.1.1.1', 'a=2.2.2.2'])
  expect(problems('extra_hosts: [a]')).toEqual(['error 3:19 "a" has no address; write "host=1.2.3.4"'])
})

test('a repeated item is one, or a mistake, as the attribute has it', () => {
  expect(written('cap_add', '[A, B]', '[A]')).toEqual(['A', 'B'])
  expect(written('tmpfs', '/a:size=1m', '["/a:size=2m"]')).toEqual(['/a:size=2m'])
  expect(problems('security_opt: [x]', 'security_opt: [x]')).toEqual([
    'error 3:20 "x" is already given; remove one of them',
  ])
})

test('what cannot be laid over a list is told', () => {
  expect(written('gpus', 'all')).toEqual([{ count: -1 }])
  expect(problems('gpus: all', 'gpus: all')).toEqual([
    'error 3:11 "gpus" is a list already, which "all" cannot override; write it in one of the files, or use !override',
  ])
  expect(problems('build: {context: ., ssh: [default]}', 'build: {ssh: [default]}')).toEqual([
    'error 3:18 a list of "ssh" cannot override what is there; write it as a mapping, or use !override',
  ])
})

test('a build is its context, merged by key', () => {
  expect(written('build', './app', '{target: dev, args: {A: 1}}')).toEqual({
    context: '/project/app',
    target: 'dev',
    args: { A: '1' },
  })
  expect(written('build', '{dockerfile: D}')).toEqual({ context: '/project', dockerfile: 'D' })
  expect(written('build', 'https://example.com/a.git#main')).toEqual({ context: 'https://example.com/a.git#main' })
})

test('a value replaces a value, and a list adds to a list, where both may be written', () => {
  expect(written('provider', '{type: p, options: {a: 1, b: [2]}}', '{options: {a: x, b: [3]}}')).toEqual({
    type: 'p',
    options: { a: ['x'], b: ['2', '3'] },
  })
  expect(problems('build: {no_cache_filter: [a]}', 'build: {no_cache_filter: b}')).toEqual([
    'error 3:30 a text cannot override a list; write a list, or use !override',
  ])
})

test('a label of a volume is said once, one of a network may be said again', () => {
  const labels = (kind: string) => `${kind}: {v: {labels: [a=b]}}`
  expect(read(labels('volumes'), labels('volumes')).problems).toEqual([
    'error 1:24 "a" is already given; remove one of them',
  ])
  expect(read(labels('networks'), labels('networks')).problems).toEqual([])
})
