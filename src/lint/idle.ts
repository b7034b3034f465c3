import type { Service } from '../model/project.ts'
import { withoutLines } from './lines.ts'
import type { Rule } from './rule.ts'
import { itemsAt } from './texts.ts'
import { entry, isDict, isScalar, textOf } from './written.ts'

/** What is read and has no effect. */
export const idle: readonly Rule[] = [
  {
    code: 'obsolete-version',
    pack: 'style',
    severity: 'hint',
    why: 'It means nothing, and docker compose warns of it at each run.',
    bad: 'version: "3.8"\nservices:\n  web: {image: app}\n',
    good: 'services:\n  web: {image: app}\n',
    except: 'files that "docker stack" reads as well need it',
    fixes: true,
    *remarks({ documents }) {
      for (const document of documents) {
        const found = entry(document, 'version')
        if (found)
          yield {
            at: found.key,
            message: '"version" means nothing',
            hint: 'remove it',
            ...withoutLines(found.key, found.node.at),
          }
      }
    },
  },
  {
    code: 'ignored-deploy-keys',
    pack: 'style',
    severity: 'hint',
    why: 'They describe a swarm; one engine never reads them.',
    bad: 'services:\n  web: {image: app, deploy: {update_config: {parallelism: 1}}}\n',
    good: 'services:\n  web: {image: app, deploy: {replicas: 2}}\n',
    except: 'files that "docker stack" reads as well',
    *remarks({ written }) {
      for (const { node } of written)
        for (const key of ['update_config', 'rollback_config', 'placement', 'endpoint_mode']) {
          const found = entry(node, 'deploy', key)
          if (found)
            yield {
              at: found.key,
              message: `"${key}" is for a swarm, and one engine does not read it`,
              hint: 'remove it',
            }
        }
    },
  },
  {
    code: 'links-used',
    pack: 'style',
    severity: 'hint',
    why: 'Services of one network find each other by their names without it.',
    bad: 'services:\n  web: {image: app, links: [db]}\n  db: {image: app}\n',
    good: 'services:\n  web: {image: app, depends_on: [db]}\n  db: {image: app}\n',
    except: 'a name of its own (db:mysql)',
    *remarks({ written }) {
      for (const { node } of written)
        for (const item of itemsAt(node, 'links')) {
          const name = textOf(item)
          if (name !== undefined && !name.includes(':'))
            yield { at: item.at, message: `"${name}" is found without a link`, hint: 'write it under depends_on' }
        }
    },
  },
  {
    code: 'unused-top-level',
    pack: 'style',
    severity: 'hint',
    why: 'It is declared and no service uses it: mostly a name that was changed in one place only.',
    bad: 'services:\n  web: {image: app}\nvolumes: {data: }\n',
    good: 'services:\n  web: {image: app, volumes: ["data:/data"]}\nvolumes: {data: }\n',
    except: 'what exists outside (external)',
    *remarks({ documents, project }) {
      const services = Object.values({ ...project.disabled, ...project.services })
      const used = usedBy(services)
      for (const document of documents)
        for (const kind of ['volumes', 'networks', 'secrets', 'configs'] as const) {
          const section = entry(document, kind)?.node
          if (!isDict(section)) continue
          for (const [name, { key, node }] of section.entries) {
            const external = entry(node, 'external')?.node
            if (used[kind].has(name) || (isScalar(external) && external.value !== false)) continue
            yield { at: key, message: `no service uses "${name}"`, hint: 'remove it, or use it' }
          }
        }
    },
  },
]

function usedBy(services: readonly Service[]) {
  const builds = services.flatMap(({ build }) => build?.secrets ?? [])
  return {
    volumes: new Set(services.flatMap(({ volumes = [] }) => volumes.map(({ source }) => source))),
    networks: new Set(['default', ...services.flatMap(({ networks }) => Object.keys(networks ?? {}))]),
    secrets: new Set([...builds, ...services.flatMap(({ secrets = [] }) => secrets)].map(({ source }) => source)),
    configs: new Set(
      services.flatMap(({ configs = [], credential_spec: spec }) => [
        ...configs.map(({ source }) => source),
        spec?.config,
      ]),
    ),
  }
}
