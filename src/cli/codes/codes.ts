import { causes } from '../../diagnose/diagnoses.ts'
import { rules } from '../../lint/rules.ts'
import { commands } from './commands.ts'
import type { Meanings } from './meaning.ts'
import { project } from './project.ts'
import { values } from './values.ts'
import { work } from './work.ts'
import { yaml } from './yaml.ts'

/** What every code stands for that is no cause of a failure and no rule, in groups for those who read them all. */
export const messages: Readonly<Record<string, Meanings>> = {
  'How files are written': yaml,
  'Values of attributes': values,
  'Files of a project': project,
  'Engines, registries and builds': work,
  'Commands and their flags': commands,
}

/** Everything that can be explained. */
export const allCodes = (): readonly string[] => [
  ...causes.flatMap(({ code, told = [] }) => [code, ...told]),
  ...rules.map(({ code }) => code),
  ...Object.values(messages).flatMap(Object.keys),
]
