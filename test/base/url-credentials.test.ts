import { expect, test } from 'vitest'
import { withoutCredentials } from '../../src/base/url-credentials.ts'

test.each([
  ["unable to access 'https://me:s3cret@h/x.git/': 403", "unable to access 'https://h/x.git/': 403"],
  ['https://token@h/x.git', 'https://h/x.git'],
  ['https://me:p@ss@h/x.git', 'https://h/x.git'],
  ['ssh://git:pw@h/x', 'ssh://h/x'],
  ['ssh://git@h/x and git@h:x', 'ssh://git@h/x and git@h:x'],
])('%s is shown without its secrets', (text, shown) => expect(withoutCredentials(text)).toBe(shown))

test.each(['a', 'a.', 'a://', 'a:'])('a text of a hundred thousand times "%s" is looked through once', text => {
  expect(withoutCredentials(text.repeat(100_000))).toBe(text.repeat(100_000))
})
