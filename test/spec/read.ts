import type { Json, Service } from '../../src/model/project.ts'
import { encodeService } from '../../src/spec/encode.ts'
import { type ComposeFile, compose } from '../../src/spec/file.ts'
import type { Context } from '../../src/spec/shape.ts'
import type { Node } from '../../src/text/node.ts'
import { parse } from '../../src/text/parse.ts'
import type { Problem } from '../../src/text/problem.ts'
import { position } from '../../src/text/source.ts'

export interface Told {
  readonly file: ComposeFile
  /** "error 3:5 message; hint" for each problem, in order. */
  readonly problems: readonly string[]
}

/** Compose files, each laid over the one before it, as the rows read them. */
export function read(...texts: readonly string[]): Told {
  const problems: Problem[] = []
  const context: Context = {
    report: problem => problems.push(problem),
    base: '/project',
    home: '/home/me',
    windows: false,
    resolvePaths: true,
  }
  const nodes = texts.flatMap((text, i) =>
    parse({ name: i ? `over-${i}.yaml` : 'compose.yaml', text }, context.report).map(node =>
      compose.canon(node, context),
    ),
  )
  const tree = nodes.reduce((base, over) => compose.merge(base!, over!, context)) as Node
  const file = compose.decode(tree, context)
  return { file, problems: problems.map(told) }
}

function told({ severity, at, message, hint }: Problem): string {
  const place = at ? position(at) : { line: 0, column: 0 }
  return `${severity} ${place.line}:${place.column} ${message}${hint === undefined ? '' : `; ${hint}`}`
}

/** The service of files that hold one, `body` being what stands under its name. Throws where anything is wrong. */
export function service(...bodies: readonly string[]): Service {
  const { file, problems } = read(...bodies.map(inService))
  const errors = problems.filter(problem => problem.startsWith('error'))
  if (errors.length) throw new Error(errors.join('\n'))
  return file.services!['a']!
}

/** What the model says of an attribute, as docker compose writes it. */
export function written(attribute: string, ...values: readonly string[]): Json | undefined {
  const made = service(...values.map(value => `${attribute}: ${value}`))
  return (encodeService(made) as { readonly [key: string]: Json })[attribute]
}

/** What is told of files that hold one service. */
export function problems(...bodies: readonly string[]): readonly string[] {
  return read(...bodies.map(inService)).problems
}

/** Line 3 is the first of the body, indented by four. */
function inService(body: string): string {
  return `services:\n  a:\n${body
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')}`
}
