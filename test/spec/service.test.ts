import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeNetwork, encodeService, goJson } from '../../src/spec/encode.ts'
import { problems, read, service, written } from './read.ts'

describe('true and false', () => {
  test('may be text', () => {
    expect(service('privileged: "TRUE"\ninit: "false"')).toEqual({ privileged: true, init: false })
  })

  test('yes and no are taken, and told', () => {
    expect(written('tty', 'yes')).toBe(true)
    expect(problems('tty: yes\nread_only: off')).toEqual([
      'warning 3:10 "yes" is read as true; write true',
      'warning 4:16 "off" is read as false; write false',
    ])
  })

  test('nothing else is taken', () => {
    expect(problems('tty: "1"\ninit: 1\nuse_api_socket: "true"')).toEqual([
      'error 3:10 "1" is neither true nor false; write true or false',
      'error 4:11 expected true or false, found the number 1; write true or false',
      'error 5:21 expected true or false, found the text "true"; write it without quotes: true',
    ])
  })
})

describe('numbers', () => {
  test('may be text; floats are cut where docker compose cuts them', () => {
    expect(service('pids_limit: "5"\ncpu_shares: 1.5\nscale: "2"\ncpus: "0.5"')).toEqual({
      pids_limit: 5,
      cpu_shares: 1,
      scale: 2,
      cpus: 0.5,
    })
    expect(problems('cpu_shares: 1.5')).toEqual(['warning 3:17 1.5 is cut to 1; write a whole number'])
  })

  test('have a range', () => {
    expect(problems('oom_score_adj: 2000\ncpu_count: -1\ncpu_percent: "101"')).toEqual([
      'error 3:20 2000 is not a whole number from -1000 to 1000; write a number from -1000 to 1000',
      'error 4:16 -1 is not a whole number from 0; write a number from 0',
      'error 5:18 101 is not a whole number from 0 to 100; write a number from 0 to 100',
    ])
  })
})

describe('sizes', () => {
  test('are bytes, and written as text', () => {
    expect(service('mem_limit: 64m\nshm_size: 512')).toEqual({ mem_limit: 67_108_864, shm_size: 512 })
    expect(written('mem_limit', '64m')).toBe('67108864')
  })

  test('a float is no limit, which is told', () => {
    expect(service('mem_limit: 1.5')).toEqual({ mem_limit: 0 })
    expect(problems('mem_limit: 1.5')).toEqual([
      'warning 3:16 1.5 is a float, which docker compose reads as 0: no limit; write it in quotes with a unit, as in "1.5g"',
    ])
  })

  test('what is none is told', () => {
    expect(problems('mem_limit: 1x\ndeploy: {resources: {limits: {memory: 5}}}')).toEqual([
      'error 4:43 expected text with a size such as "64m", found the number 5; write it in quotes: "5"',
      'error 3:16 "1x" is not a size; write a number and b, k, m or g: "64m"',
    ])
  })
})

test('durations are milliseconds, and need units', () => {
  expect(service('stop_grace_period: 1m30s')).toEqual({ stop_grace_period: 90_000 })
  expect(written('stop_grace_period', '"0"')).toBe('0s')
  expect(problems('stop_grace_period: "30"\nhealthcheck: {interval: 30}')).toEqual([
    'error 4:29 expected a duration such as "1m30s", found the number 30; write the unit, as in "30s"',
    'error 3:24 "30" is not a duration; write the unit: "30s"',
  ])
})

test('text is text: a number must stand in quotes', () => {
  expect(problems('image: 1\nhostname: true')).toEqual([
    'error 3:12 expected text, found the number 1; write it in quotes: "1"',
    'error 4:15 expected text, found true; write it in quotes: "true"',
  ])
})

test('a probe that is text is for the shell', () => {
  expect(written('healthcheck', '{test: curl -f x, interval: 5s, retries: "3"}')).toEqual({
    test: ['CMD-SHELL', 'curl -f x'],
    interval: '5s',
    retries: 3,
  })
})

test('a limit is one number, or two', () => {
  expect(written('ulimits', '{nofile: "2048", nproc: {soft: 1, hard: 2}, core: 0}')).toEqual({
    core: {},
    nofile: 2048,
    nproc: { soft: 1, hard: 2 },
  })
  expect(problems('ulimits:\n  nofile: {soft: 1024}')).toEqual([
    'error 4:15 "hard" is missing; write "hard:", a whole number',
  ])
})

test('a device has a source, a target and permissions', () => {
  expect(written('devices', '["/dev/a", "/dev/b:/dev/c:r"]')).toEqual([
    { source: '/dev/a', target: '/dev/a', permissions: 'rwm' },
    { source: '/dev/b', target: '/dev/c', permissions: 'r' },
  ])
})

test('a secret goes to /run/secrets, a config where docker puts it', () => {
  expect(written('secrets', '[s, {source: t, target: u, mode: 0440, uid: "1"}]')).toEqual([
    { source: 's', target: '/run/secrets/s' },
    { source: 't', target: 'u', uid: '1', mode: '0440' },
  ])
  expect(written('configs', '[c, {source: d, mode: "0600"}]')).toEqual([{ source: 'c' }, { source: 'd', mode: '0600' }])
})

test('an env file is a path, which must be there unless it says otherwise', () => {
  expect(service('env_file: [a.env, {path: b.env, required: false, format: raw}]')).toEqual({
    env_file: [
      { path: '/project/a.env', required: true },
      { path: '/project/b.env', required: false, format: 'raw' },
    ],
  })
})

describe('a key that nobody knows', () => {
  test('is told with the one that was meant', () => {
    expect(problems('portz: []\nhealthcheck: {intervall: 1s}')).toEqual([
      'error 3:5 unknown key "portz"; did you mean "ports"?',
      'error 4:19 unknown key "intervall"; did you mean "interval"?',
    ])
  })

  test('is welcome when it begins with x-', () => {
    expect(service('x-mine: {a: [1]}\nimage: x')).toEqual({ image: 'x', extensions: { 'x-mine': { a: [1] } } })
  })

  test('is told in x-gantry, unlike in other extensions', () => {
    expect(problems('x-gantry: {colour: red}')).toEqual([
      'error 3:16 unknown key "colour" in "x-gantry"; it takes "ignore"; remove this one',
    ])
  })

  test('where a blank is missing, that is told', () => {
    expect(read('services:\n  web:\n    image:nginx\n').problems).toEqual([
      'error 3:5 expected a mapping, found the text "image:nginx"; a blank is missing after "image:"',
    ])
  })
})

test('names are letters, digits and few signs', () => {
  expect(read('services: {"a b": {image: x}}\nvolumes: {"c/d": }').problems).toEqual([
    'error 1:12 "a b" is not a name; use letters, digits, ".", "_" and "-"',
    'error 2:11 "c/d" is not a name; use letters, digits, ".", "_" and "-"',
  ])
})

test('the old way to name what is external is taken, and told', () => {
  const { file, problems } = read('volumes: {v: {external: {name: old}}}')
  expect(file).toEqual({ volumes: { v: { external: true, name: 'old' } } })
  expect(problems).toEqual(['warning 1:26 "external.name" is deprecated; write "external: true" and "name:"'])
})

describe('written as docker compose writes it', () => {
  const hash = (json: string) => createHash('sha256').update(json).digest('hex')

  test('keys stand in the order of its structs, whatever order they were given in', () => {
    const json = goJson(encodeService(service('image: x\ncpus: 1\ncommand: [a]\nmem_limit: 1k')))
    expect(json).toBe('{"cpus":1,"command":["a"],"entrypoint":null,"image":"x","mem_limit":"1024"}')
  })

  test('the hash of the smallest service is the one that docker compose 5.5 gives', () => {
    const json = goJson(encodeService({ image: 'x', networks: { default: null } }))
    expect(json).toBe('{"command":null,"entrypoint":null,"image":"x","networks":{"default":null}}')
    expect(hash(json)).toMatch(/^d5457d0b.*9e8953$/)
  })

  test('deploy has its resources and placement even when it is empty', () => {
    expect(written('deploy', '{}')).toEqual({ resources: {}, placement: {} })
    expect(written('deploy', '')).toBeUndefined()
  })

  test('a network has its addresses even when nothing is said of them', () => {
    expect(encodeNetwork({ name: 'n', enable_ipv6: false })).toEqual({ name: 'n', ipam: {}, enable_ipv6: false })
  })

  test('what is false or zero is left out, unless docker compose keeps it', () => {
    expect(encodeService({ tty: false, init: false, pids_limit: 0, scale: 0, hostname: '' })).toEqual({
      command: null,
      entrypoint: null,
      init: false,
      scale: 0,
    })
  })

  test('texts are escaped as Go escapes them, and maps sorted', () => {
    const json = goJson(encodeService({ labels: { b: '<&>\u2028', '10': 'x', '9': 'y', a: 'é"\n' } }))
    expect(json).toContain('"labels":{"10":"x","9":"y","a":"é\\"\\n","b":"\\u003c\\u0026\\u003e\\u2028"}')
  })
})
