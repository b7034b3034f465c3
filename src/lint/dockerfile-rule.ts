import type { Dockerfile } from './dockerfile.ts'
import type { Remark, Rule } from './rule.ts'
import type { Scope } from './scope.ts'

type Row = Omit<Rule, 'pack' | 'remarks'> & {
  readonly each: (dockerfile: Dockerfile, scope: Scope) => Iterable<Remark>
}

/** A rule that looks at one Dockerfile at a time. */
export function ofDockerfile({ each, ...row }: Row): Rule {
  return {
    ...row,
    pack: 'dockerfile',
    *remarks(scope) {
      for (const dockerfile of scope.dockerfiles)
        for (const remark of each(dockerfile, scope)) yield mendable(remark, dockerfile)
    },
  }
}

function mendable({ edits, ...remark }: Remark, { inexact }: Dockerfile): Remark {
  return edits === undefined || inexact ? remark : { ...remark, edits }
}
