import { expect, test } from 'vitest'
import { type Command, commandOf } from '../../../src/actions/dashboard/commands.ts'
import { commands } from '../../../src/cli/commands.ts'

const all: readonly (readonly [Command, string])[] = [
  [{ verb: 'start', service: 'web' }, 'gantry start web'],
  [{ verb: 'stop', service: 'web' }, 'gantry stop web'],
  [{ verb: 'restart', service: 'web' }, 'gantry restart web'],
  [{ verb: 'why', service: 'web' }, 'gantry why web'],
  [{ verb: 'bring-up', service: 'web' }, 'gantry up --detach web'],
  [{ verb: 'rebuild', service: 'web' }, 'gantry up --detach --build web'],
  [{ verb: 'exec', service: 'web' }, 'gantry exec web sh'],
  [{ verb: 'scale', service: 'web', number: 3 }, 'gantry scale web=3'],
  [{ verb: 'open', service: 'web', target: 80, url: 'http://localhost:8080' }, 'gantry port web 80'],
  [{ verb: 'plan' }, 'gantry plan'],
  [{ verb: 'apply' }, 'gantry up --detach'],
]

test.each(all)('%j is typed as "%s"', (command, line) => {
  expect(commandOf(command)).toBe(line)
})

test('every line is one that the program has', () => {
  const known = Object.keys(commands)
  for (const [, line] of all) expect(known).toContain(line.split(' ')[1])
})
