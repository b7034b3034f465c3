import { referencesIn } from '../load/variables/template.ts'
import type { Service } from '../model/project.ts'
import { withoutLines } from './lines.ts'
import type { Rule } from './rule.ts'
import { exampleNames, itemsAt } from './texts.ts'
import { assignedIn, entry, inQuotes, partOf, scalarsIn, textOf, writtenAt } from './written.ts'

/** What is read as it is meant, but not by everybody. */
export const spelling: readonly Rule[] = [
  {
    code: 'bool-in-env',
    pack: 'style',
    severity: 'hint',
    why: 'yes, no, on and off are truth values to readers of YAML 1.1, and text to others.',
    bad: 'services:\n  web:\n    image: app\n    environment: {A: yes}\n',
    good: 'services:\n  web:\n    image: app\n    environment: {A: "yes"}\n',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const { name, at, form } of assignedIn(entry(node, 'environment')?.node)) {
          const typed = writtenAt(at)
          if (form !== 'dict' || !/^(?:yes|no|on|off|y|n)$/i.test(typed)) continue
          yield {
            at,
            message: `the value of "${name}" is text here, and a truth value to other readers`,
            hint: 'write it in quotes',
            edits: [{ at, text: inQuotes(typed) }],
          }
        }
    },
  },
  {
    code: 'port-unquoted',
    pack: 'style',
    severity: 'hint',
    why: 'Two small numbers with a colon are a number in base 60 to readers of YAML 1.1: 22:22 is 1342.',
    bad: 'services:\n  web:\n    image: app\n    ports:\n      - 22:22\n',
    good: 'services:\n  web:\n    image: app\n    ports:\n      - "22:22"\n',
    except: 'a number alone',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written)
        for (const item of itemsAt(node, 'ports')) {
          const typed = writtenAt(item.at)
          if (!/^\d+:[0-5]?\d$/.test(typed)) continue
          yield {
            at: item.at,
            message: `${typed} is a number in base 60 to other readers`,
            hint: 'write it in quotes',
            edits: [{ at: item.at, text: inQuotes(typed) }],
          }
        }
    },
  },
  {
    code: 'duplicate-env',
    pack: 'style',
    severity: 'warning',
    why: 'Of two values for one name the last wins, without a word.',
    bad: 'services:\n  web:\n    image: app\n    environment: [A=1, A=2]\n',
    good: 'services:\n  web:\n    image: app\n    environment: [A=2]\n',
    except: 'values in two files, of which the later one is laid over the other',
    fixes: true,
    *remarks({ written }) {
      for (const { node } of written) {
        const all = assignedIn(entry(node, 'environment')?.node).filter(({ form }) => form === 'list')
        for (const [i, one] of all.entries()) {
          const later = all.slice(i + 1).find(({ name }) => name === one.name)
          if (later)
            yield {
              at: one.node.at,
              message: `"${one.name}" is given again below, and that value wins`,
              hint: 'keep one of them',
              notes: [{ message: 'given again here', at: later.node.at }],
              ...withoutLines(one.node.at),
            }
        }
      }
    },
  },
  {
    code: 'memory-bare-number',
    pack: 'style',
    severity: 'warning',
    why: 'A number alone is bytes, and no engine starts a container with less than 6 MB.',
    bad: 'services:\n  web: {image: app, mem_limit: 512}\n',
    good: 'services:\n  web: {image: app, mem_limit: 512m}\n',
    except: 'as many bytes as an engine takes',
    *remarks({ services, at }) {
      for (const { name, service } of services)
        for (const [path, bytes] of [
          [['mem_limit'], service.mem_limit],
          [['deploy', 'resources', 'limits', 'memory'], service.deploy?.resources?.limits?.memory],
        ] as const) {
          const place = at('services', name, ...path)
          if (!bytes || bytes >= 6_291_456 || !place || !/^["']?\d+["']?$/.test(writtenAt(place))) continue
          yield { at: place, message: `${bytes} is a number of bytes`, hint: `write ${bytes}m for megabytes` }
        }
    },
  },
  {
    code: 'override-appends-ports',
    pack: 'style',
    severity: 'warning',
    why: 'Lists of ports are put together: the port of the first file is published as well.',
    bad: 'services:\n  web: {image: app, ports: ["8080:80"]}\n---\nservices:\n  web: {ports: ["9090:80"]}\n',
    good: 'services:\n  web: {image: app, ports: ["8080:80"]}\n---\nservices:\n  web: {ports: !override ["9090:80"]}\n',
    except: 'another port of the container',
    *remarks({ services, at, written }) {
      for (const { name, service } of services) {
        const inFile = written.filter(one => one.name === name)
        if (inFile.length < 2) continue
        const fileOf = (span: { start: number; end: number; source: object } | undefined) =>
          inFile.findIndex(
            ({ node }) =>
              span && node.at.source === span.source && node.at.start <= span.start && span.end <= node.at.end,
          )
        const ports = (service.ports ?? []).map((port, i) => ({ port, at: at('services', name, 'ports', String(i)) }))
        for (const [i, one] of ports.entries()) {
          const before = ports
            .slice(0, i)
            .find(({ port, at: place }) => sameTarget(port, one.port) && fileOf(place) !== fileOf(one.at))
          if (before?.at && before.port.published !== one.port.published)
            yield {
              at: one.at,
              message: `port ${one.port.target} of "${name}" is published twice: this adds to what the other file says`,
              hint: 'write ports: !override […] to replace them',
              notes: [{ message: 'published here as well', at: before.at }],
            }
        }
      }
    },
  },
  {
    code: 'env-file-missing-example',
    pack: 'style',
    severity: 'hint',
    why: 'Who gets the project does not know what has to be set, and starts it with nothing there.',
    bad: 'services:\n  web: {image: "app:${TAG}"}\n',
    good: 'services:\n  web: {image: "app:${TAG:-1}"}\n',
    except: 'a default, ${X:?}, or a line in .env.example',
    *remarks(scope) {
      const told = new Set([...exampleNames(scope), 'HOME', 'PWD', 'USER', 'UID', 'GID'])
      for (const document of scope.documents)
        for (const { node } of scalarsIn(document)) {
          const text = textOf(node)
          for (const { name, operator, start, end } of text?.includes('$') ? referencesIn(text) : []) {
            if (operator || told.has(name) || name.startsWith('COMPOSE_')) continue
            told.add(name)
            yield {
              at: partOf(node.at, text!.slice(start, end)),
              message: `nothing tells what "${name}" has to be`,
              hint: `give a default, write \${${name}:?}, or add it to .env.example`,
            }
          }
        }
    },
  },
]

const sameTarget = (a: NonNullable<Service['ports']>[number], b: typeof a) =>
  a.target === b.target && (a.protocol ?? 'tcp') === (b.protocol ?? 'tcp')
