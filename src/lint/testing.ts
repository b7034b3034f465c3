import type { Service } from '../model/project.ts'
import type { Span } from '../text/source.ts'

const word = /(?:^|[._-])(?:tests?|testing|ci|e2e)(?:[._-]|$)/i

/** Whether a service is there for tests only, by its name, its profiles or its file: its data may go, and its passwords are none. */
export function isForTests(name: string, { profiles = [] }: Pick<Service, 'profiles'>, at: Span | undefined): boolean {
  const file = at?.source.name.replace(/^.*[/\\]/, '') ?? ''
  return word.test(name) || word.test(file) || profiles.some(profile => word.test(profile))
}
