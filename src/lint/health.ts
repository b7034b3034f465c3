import type { Service } from '../model/project.ts'
import { splitWords } from '../spec/argv.ts'
import type { Scalar } from '../text/node.ts'
import { finalStage } from './dockerfile.ts'
import { knownImage } from './known-images.ts'
import type { Edit, Rule } from './rule.ts'
import type { Scope } from './scope.ts'
import { entry, inQuotes, isList, isScalar, textOf } from './written.ts'

/** Start order and health checks. */
export const health: readonly Rule[] = [
  {
    code: 'healthy-without-healthcheck',
    pack: 'prod',
    star: true,
    severity: 'error',
    why: 'A service waits until another one is healthy, and nothing ever says that it is: "up" fails while it runs.',
    bad: 'services:\n  web:\n    image: app\n    depends_on: {db: {condition: service_healthy}}\n  db: {image: "postgres:16"}\n',
    good: 'services:\n  web:\n    image: app\n    depends_on: {db: {condition: service_healthy}}\n  db:\n    image: postgres:16\n    healthcheck: {test: [CMD-SHELL, pg_isready]}\n',
    except: 'the image has a health check of its own; of an image that is not known it is only a hint',
    *remarks(scope) {
      const declared = new Map(scope.services.map(({ name, service }) => [name, service]))
      for (const { name, service } of scope.services)
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
          const needed = declared.get(other)
          if (condition !== 'service_healthy' || !needed) continue
          const checked = isChecked(needed, scope)
          if (checked === 'yes') continue
          const probe = knownImage(needed.image)?.probe
          const off = checked === 'off'
          yield {
            at: scope.at('services', name, 'depends_on', other),
            message: off
              ? `"${name}" waits until "${other}" is healthy, and its health check is turned off`
              : checked === 'no'
                ? `"${name}" waits until "${other}" is healthy, which has no health check`
                : `"${name}" waits until "${other}" is healthy, which declares no health check; its image may have one`,
            hint: `give "${other}" one${probe ? `: healthcheck: {test: ${probe}}` : ', or wait for service_started only'}`,
            ...(checked === 'unknown' && { severity: 'hint' as const }),
          }
        }
    },
  },
  {
    code: 'probe-one-string',
    pack: 'prod',
    star: true,
    severity: 'error',
    why: 'After CMD each item is one word: the whole line is looked for as the name of a program, and the check never passes.',
    bad: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, "curl -f http://x"]}\n',
    good: 'services:\n  web:\n    image: app\n    healthcheck: {test: [CMD, curl, -f, "http://x"]}\n',
    except: 'the path of a program that holds a blank',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written) {
        const test = entry(node, 'healthcheck', 'test')?.node
        if (!isList(test) || test.items.length !== 2) continue
        const [kind, line] = test.items
        const text = textOf(line)
        if (textOf(kind) !== 'CMD' || !isScalar(line) || text === undefined || !/\s/.test(text.trim())) continue
        if (/^(?:\/|[A-Za-z]:\\)[^-]*$/.test(text)) continue
        const edit = splitting(kind as Scalar, line, text)
        yield {
          at: line.at,
          message: 'the health check is one word, which is taken as the name of a program',
          hint: 'write each word as an item of its own, or CMD-SHELL for a line that a shell reads',
          ...(edit && { edits: [edit] }),
        }
      }
    },
  },
]

/** Whether something says that a service is healthy. */
export function isChecked(service: Service, scope: Pick<Scope, 'dockerfileOf'>): 'yes' | 'no' | 'off' | 'unknown' {
  const { healthcheck } = service
  if (healthcheck?.disable || healthcheck?.test?.[0] === 'NONE') return 'off'
  if (healthcheck?.test?.length) return 'yes'
  const dockerfile = scope.dockerfileOf(service)
  if (dockerfile) {
    const stage = finalStage(dockerfile)
    const own = stage.findLast(({ word }) => word === 'HEALTHCHECK')
    if (own) return /^NONE\b/i.test(own.rest) ? 'off' : 'yes'
    const base = stage[0]?.rest.split(/\s+/).find(word => !word.startsWith('--'))
    return knownImage(base) ? 'no' : 'unknown'
  }
  return service.build === undefined && knownImage(service.image) ? 'no' : 'unknown'
}

/** Words where there are only words, a shell where the line needs one. */
function splitting(kind: Scalar, line: Scalar, text: string): Edit | undefined {
  const split = splitWords(text)
  const plain = typeof split !== 'string' && split.cutAt === undefined && !/[$*?~`]/.test(text)
  if (!plain) return { at: kind.at, text: 'CMD-SHELL' }
  const { source, start } = line.at
  const before = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start)
  const words = split.words.map(word => (/^[\w./-]+$/.test(word) && /[a-z]/i.test(word) ? word : inQuotes(word)))
  if (/^ *- +$/.test(before)) return { at: line.at, text: words.join(`\n${before}`) }
  return /[[,] *$/.test(before) ? { at: line.at, text: words.join(', ') } : undefined
}
