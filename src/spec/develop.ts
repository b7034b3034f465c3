import type { Develop, WatchRule } from '../model/project.ts'
import { hook } from './hook.ts'
import { distinctTexts, list, orOne } from './list.ts'
import { pathNode } from './paths.ts'
import { record } from './record.ts'
import { choice, strictFlag, text } from './scalar.ts'
import { orAbsent, type Shape } from './shape.ts'
import { bad } from './wrong.ts'

const path: Shape<string> = {
  ...text,
  canon(node, context) {
    const made = text.canon(node, context)
    if (made?.kind === 'scalar' && made.value === '')
      return bad(
        'bad-watch',
        'the path of a watch rule is empty',
        node.at,
        context,
        'write what to watch, as in "./src"',
      )
    return made && pathNode(made, context)
  },
}

const rule = record<WatchRule>(
  {
    path,
    action: choice('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
    target: text,
    exec: hook,
    include: orOne(distinctTexts),
    ignore: orOne(distinctTexts),
    initial_sync: strictFlag,
  },
  { required: ['path', 'action'] },
)

/** Docker compose writes `exec` even where there is none. */
const watchRule: Shape<WatchRule> = {
  ...rule,
  encode({ exec = {}, ...rest }) {
    return rule.encode({ ...rest, exec })
  },
}

/** What to do when files change. */
export const develop: Shape<Develop> = orAbsent(
  record<Develop>({ watch: list(watchRule, { expects: 'a list of rules' }) }),
)
