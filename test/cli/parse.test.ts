import { expect, test } from 'vitest'
import { flag } from '../../src/cli/flag.ts'
import { countOperands, scan, values } from '../../src/cli/parse.ts'

const logs = {
  follow: flag.boolean('', { short: 'f' }),
  tail: flag.text('', 'N', { short: 'n' }),
  timestamps: flag.boolean('', { short: 't' }),
}
const root = { file: flag.list('', 'FILE', { short: 'f' }), 'project-name': flag.text('', 'NAME', { short: 'p' }) }

function parsed(...argv: string[]) {
  const { texts, operands } = scan(argv, [logs, root], false)
  return { ...values(logs, texts[0]!), ...values(root, texts[1]!), operands }
}
const nothing = { follow: false, tail: undefined, timestamps: false, file: [], 'project-name': undefined, operands: [] }

test.each([
  [['--tail', '5'], { tail: '5' }],
  [['--tail=5'], { tail: '5' }],
  [['--tail='], { tail: '' }],
  [['-n', '5'], { tail: '5' }],
  [['-n5'], { tail: '5' }],
  [['-n=5'], { tail: '5' }],
  [['-ft'], { follow: true, timestamps: true }],
  [['-ftn5'], { follow: true, timestamps: true, tail: '5' }],
  [['-f=false'], {}],
  [['--follow=false'], {}],
  [['--tail', '-1'], { tail: '-1' }],
  [['web', '--follow', 'db'], { follow: true, operands: ['web', 'db'] }],
  [['--', '--follow'], { operands: ['--follow'] }],
  [['-'], { operands: ['-'] }],
])('%j', (argv, found) => {
  expect(parsed(...argv)).toEqual({ ...nothing, ...found })
})

test('after a command its own flags come first: -f follows', () => {
  expect(parsed('-f')).toMatchObject({ follow: true, file: [] })
})

test('flags of every command may stand after it', () => {
  expect(parsed('-p', 'shop', '--file', 'a.yaml', '--file=b.yaml')).toMatchObject({
    'project-name': 'shop',
    file: ['a.yaml', 'b.yaml'],
  })
})

test('what belongs to a container is left as it is', () => {
  expect(scan(['-t', 'web', 'ls', '-l', '--', 'x'], [logs], true)).toMatchObject({
    operands: ['web', 'ls', '-l', '--', 'x'],
  })
})

test.each([
  [['--flollow'], 'unknown flag: --flollow', 'did you mean "--follow"?'],
  [['--nothing-like-it'], 'unknown flag: --nothing-like-it', undefined],
  [['--=x'], 'bad flag syntax: --=x', undefined],
  [['-fx'], "unknown shorthand flag: 'x' in -fx", undefined],
  [['--tail'], 'flag needs an argument: --tail', 'give it N'],
  [['-fn'], "flag needs an argument: 'n' in -fn", 'give it N'],
])('%j is refused', (argv, message, hint) => {
  const problem = hint === undefined ? { message } : { message, hint }
  expect(() => parsed(...argv)).toThrow(expect.objectContaining({ problems: [expect.objectContaining(problem)] }))
})

test('a flag of docker compose’s that looks like a property of every object is only unknown', () => {
  expect(() => parsed('--constructor')).toThrow('unknown flag: --constructor')
})

test.each([
  ['', [], undefined],
  ['', ['x'], '"x" is one argument too many'],
  ['[SERVICE...]', ['a', 'b'], undefined],
  ['SERVICE=NUM...', [], 'requires at least 1 arg(s), only received 0'],
  ['SERVICE COMMAND [ARGS...]', ['web'], 'requires at least 2 arg(s), only received 1'],
  ['SERVICE PRIVATE_PORT', [], 'requires at least 2 arg(s), only received 0'],
])('operands "%s" given %j', (operands, given, message) => {
  const count = () => countOperands('gantry x', { operands, flags: {}, run: async () => {} }, given)
  if (message === undefined) expect(count).not.toThrow()
  else expect(count).toThrow(message)
})
