import { referencesIn } from '../load/variables/template.ts'
import { looksSecret } from '../model/secrets.ts'
import { splitWords } from '../spec/argv.ts'
import { scalarText } from '../spec/wrong.ts'
import type { Node, Scalar } from '../text/node.ts'
import type { Edit, Rule } from './rule.ts'
import type { Scope } from './scope.ts'
import { assignedIn, entry, inQuotes, isList, isScalar, partOf, scalarsIn, textOf, writtenAt } from './written.ts'

/** Values that are not what they look like: to YAML, to a shell that is not there, to whoever fills variables in. */
export const texts: readonly Rule[] = [
  {
    code: 'command-operator',
    pack: 'style',
    star: true,
    severity: 'error',
    why: 'No shell reads a command that is one text; from the operator on it is dropped without a word.',
    bad: 'services:\n  web: {image: app, command: a && b}\n',
    good: 'services:\n  web: {image: app, command: [sh, -c, a && b]}\n',
    except: 'an operator inside the quotes of sh -c "…"',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const key of ['command', 'entrypoint']) {
          const value = entry(node, key)?.node
          const text = textOf(value)
          if (text === undefined || !isScalar(value)) continue
          const split = splitWords(text)
          if (typeof split === 'string' || split.cutAt === undefined) continue
          const rest = text.slice(split.cutAt)
          const [operator = ''] = /^[;&|<>]+/.exec(rest) ?? []
          yield {
            at: partOf(value.at, rest),
            message: `the ${key} ends before "${operator}": no shell reads it, and the rest is dropped`,
            hint: 'write it as a list that begins with sh, -c',
            ...shellEdit(value, text),
          }
        }
    },
  },
  {
    code: 'dollar-unescaped',
    pack: 'style',
    star: true,
    severity: 'warning',
    why: 'A dollar sign begins a variable; one that is set nowhere is replaced by nothing, and the value is cut.',
    bad: 'services:\n  web:\n    image: app\n    environment: {P: pa$word}\n',
    good: 'services:\n  web:\n    image: app\n    environment: {P: pa$$word}\n',
    except: 'the variable is set, has a default, stands in .env.example, or is asked for as ${NAME}',
    fixes: true,
    *remarks(scope) {
      const examples = exampleNames(scope)
      for (const { node: service } of scope.written)
        for (const { node, path } of scalarsIn(service)) {
          const text = textOf(node)
          if (text === undefined || !text.includes('$')) continue
          const inShell = /^(?:command|entrypoint|test|post_start|pre_stop|pre_start)$/.test(path.at(-1) ?? '')
          const isFree = /^(?:environment|labels|args|annotations)$/.test(path[0] ?? '') || path.includes('args')
          for (const { name, start, end, operator } of referencesIn(text)) {
            const bare = text[start + 1] !== '{'
            const within = start > 0 && /[A-Za-z0-9]/.test(text[start - 1]!)
            if (!bare || operator || Object.hasOwn(scope.project.environment, name) || examples.has(name)) continue
            if (!inShell && !(isFree && within)) continue
            const at = partOf(node.at, text.slice(start, end))!
            const exact = writtenAt(at) === text.slice(start, end)
            yield {
              at,
              message: `"${text.slice(start, end)}" is read as a variable, which is not set, and replaced by nothing`,
              hint: `write $$${name} for a dollar sign that stays`,
              ...(exact && onlyOne(text, name) && { edits: [{ at: { ...at, end: at.start + 1 }, text: '$$' }] }),
            }
          }
        }
    },
  },
  {
    code: 'env-list-quotes',
    pack: 'style',
    star: true,
    severity: 'warning',
    why: 'In a list the quotes behind the equals sign are part of the value: the program gets them as well.',
    bad: "services:\n  web:\n    image: app\n    environment:\n      - PW='secret'\n",
    good: 'services:\n  web:\n    image: app\n    environment:\n      - PW=secret\n',
    except: 'env files, where quotes are taken away',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const { name, value, at, form } of [
          ...assignedIn(entry(node, 'environment')?.node),
          ...assignedIn(entry(node, 'labels')?.node),
          ...assignedIn(entry(node, 'build', 'args')?.node),
        ]) {
          const [, quote, inner] = /^(["'])(.*)\1$/s.exec(value ?? '') ?? []
          if (form !== 'list' || quote === undefined || inner!.includes(quote)) continue
          const plain = writtenAt(at) === value && !/^["']/.test(at.source.text.slice(at.start - name.length - 2))
          const safe = plain && !/: | #|:$|["'\\]/.test(inner!)
          yield {
            at,
            message: `the quotes are part of the value of "${name}"`,
            hint: `write ${name}=… without them`,
            ...(safe && {
              edits: [
                { at: { ...at, end: at.start + 1 }, text: '' },
                { at: { ...at, start: at.end - 1 }, text: '' },
              ],
            }),
          }
        }
    },
  },
  {
    code: 'scalar-changed',
    pack: 'style',
    star: true,
    severity: 'warning',
    why: 'YAML takes it for a number, a date or a truth value, and the program gets what that prints as.',
    bad: 'services:\n  web:\n    image: app\n    environment: {V: 1.0, MASK: 0777}\n',
    good: 'services:\n  web:\n    image: app\n    environment: {V: "1.0", MASK: "0777", PORT: 8080}\n',
    except: 'what is written is what it prints as',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const map of [
          entry(node, 'environment'),
          entry(node, 'labels'),
          entry(node, 'annotations'),
          entry(node, 'build', 'args'),
          entry(node, 'build', 'labels'),
          entry(node, 'deploy', 'labels'),
        ])
          for (const { name, node: value, form } of assignedIn(map?.node)) {
            if (form !== 'dict' || value.value === null) continue
            if (typeof value.value === 'string' && value.written !== 'time') continue
            const [typed, given] = [writtenAt(value.at), scalarText(value)]
            // A tag in front (`!!float 1`) asked for just that.
            if (typed === given || /!\S*[ \t]*$/.test(value.at.source.text.slice(0, value.at.start).slice(-30)))
              continue
            yield {
              at: value.at,
              message: `the value of "${name}" ${looksSecret(name) ? 'is not given as it is written' : `becomes "${given}"`}`,
              hint: 'write it in quotes',
              edits: [{ at: value.at, text: inQuotes(typed) }],
            }
          }
    },
  },
  {
    code: 'mode-decimal',
    pack: 'style',
    star: true,
    severity: 'error',
    why: 'Without a zero in front it is a decimal number: 755 is 01363 in octal.',
    bad: 'services:\n  web:\n    image: app\n    secrets: [{source: pw, mode: 400}]\nsecrets: {pw: {file: ./pw}}\n',
    good: 'services:\n  web:\n    image: app\n    secrets: [{source: pw, mode: 0400}]\nsecrets: {pw: {file: ./pw}}\n',
    except: 'a zero in front, quotes, or a number that nobody would mean in octal',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const mode of [
          ...['secrets', 'configs'].flatMap(key => itemsAt(node, key).map(item => entry(item, 'mode')?.node)),
          ...itemsAt(node, 'volumes').map(item => entry(item, 'tmpfs', 'mode')?.node),
        ]) {
          if (!isScalar(mode) || typeof mode.value !== 'number') continue
          const typed = writtenAt(mode.at)
          if (!/^(?:1?[4567][04567]{2}|[1234]777)$/.test(typed)) continue
          yield {
            at: mode.at,
            message: `${typed} is a decimal number, which is 0${mode.value.toString(8)} in octal`,
            hint: `write 0${typed}`,
            edits: [{ at: mode.at, text: `0${typed}` }],
          }
        }
    },
  },
  {
    code: 'one-letter-volume',
    pack: 'style',
    star: true,
    severity: 'error',
    why: 'One letter before a colon is read as the drive of a Windows path, and the engine refuses the mount.',
    bad: 'services:\n  web: {image: app, volumes: ["v:/data"]}\nvolumes: {v: }\n',
    good: 'services:\n  web: {image: app, volumes: ["vol:/data"]}\nvolumes: {vol: }\n',
    except: 'a real drive',
    *remarks({ written }) {
      for (const { node } of written)
        for (const item of itemsAt(node, 'volumes')) {
          const [, name] = /^([A-Za-z]):\/[^:]*(?::[a-z,]+)?$/i.exec(textOf(item) ?? '') ?? []
          if (name === undefined) continue
          yield {
            at: item.at,
            message: `"${name}:" is read as a drive, not as a volume called "${name}"`,
            hint: 'give the volume a name of two letters or more',
          }
        }
    },
  },
]

/** A list that a shell reads; only where the text stands on one line. */
function shellEdit(value: Scalar, text: string): { readonly edits?: readonly Edit[] } {
  const typed = writtenAt(value.at)
  if (typed.includes('\n') || !(typed === text || /^(["']).*\1$/.test(typed))) return {}
  return { edits: [{ at: value.at, text: `["sh", "-c", ${inQuotes(text)}]` }] }
}

const onlyOne = (text: string, name: string) => text.split(`$${name}`).length === 2

export function itemsAt(node: Node, key: string): readonly Node[] {
  const value = entry(node, key)?.node
  return isList(value) ? value.items : []
}

/** Variables that the project's makers say are to be set. */
export function exampleNames({ project, files }: Scope): ReadonlySet<string> {
  const names = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example', 'example.env']
  const text = names
    .map(name => `${project.working_dir}/${name}`)
    .filter(path => files.stat(path)?.kind === 'file')
    .map(path => Buffer.from(files.read(path)).toString('utf8'))
    .join('\n')
  return new Set([...text.matchAll(/^[ \t]*(?:export[ \t]+)?#?[ \t]*([A-Za-z_]\w*)[ \t]*=/gm)].map(([, name]) => name!))
}
