import type { CredentialSpec, Service, ServiceModel } from '../model/project.ts'
import { dict, type Node, scalar } from '../text/node.ts'
import { command } from './argv.ts'
import { attachments } from './attachment.ts'
import { blkioConfig } from './blkio.ts'
import { build } from './build.ts'
import { dependsOn } from './depends-on.ts'
import { deploy } from './deploy.ts'
import { develop } from './develop.ts'
import { devices, gpus } from './device.ts'
import { envFiles, labelFiles } from './env-file.ts'
import { extraHosts } from './extra-hosts.ts'
import { fields } from './fields.ts'
import { serviceConfigs, serviceSecrets } from './file-reference.ts'
import { healthcheck } from './healthcheck.ts'
import { hooks, startHooks } from './hook.ts'
import { distinctTexts, list, orOne, uniqueTexts } from './list.ts'
import { logging } from './logging.ts'
import { environment, labels } from './mapping.ts'
import { mounts } from './mount.ts'
import { named, orNull } from './named.ts'
import { orNames } from './names.ts'
import { duration, float, integer, said, size } from './number.ts'
import { ports } from './port.ts'
import { provider } from './provider.ts'
import { record } from './record.ts'
import { choice, flag, matching, printable, strictFlag, text, textOrInteger } from './scalar.ts'
import { oneOf, orAbsent, type Shape, short } from './shape.ts'
import { ulimits } from './ulimit.ts'
import { scalarText } from './wrong.ts'

const containerName = matching(
  /[a-zA-Z0-9][a-zA-Z0-9_.-]+/,
  'a name of a container',
  'use letters, digits, "_", "." and "-", at least two of them',
)

const pullPolicy = matching(
  /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
  'a pull policy',
  'write always, missing, never, build, daily, weekly or every_12h',
)

const serviceModel = record<ServiceModel>({ endpoint_var: text, model_var: text })

const link = record<{ readonly service: string; readonly file?: string }>(
  { service: text, file: text },
  { required: ['service'], extensions: false },
)

const groups = list(textOrInteger, { expects: 'a list of groups', distinct: true })

/** The rows of a service, in the order in which docker compose writes them: the config hash is taken of that. */
export const service: Shape<Service> = record<Service>(
  {
    profiles: uniqueTexts,
    annotations: labels,
    attach: said(flag),
    build,
    develop,
    blkio_config: blkioConfig,
    cap_add: uniqueTexts,
    cap_drop: uniqueTexts,
    cgroup_parent: text,
    cgroup: choice('host', 'private'),
    cpu_count: integer({ minimum: 0 }),
    cpu_percent: integer({ minimum: 0, maximum: 100 }),
    cpu_period: integer({ cut: true }),
    cpu_quota: integer({ cut: true }),
    cpu_rt_period: integer({ cut: true }),
    cpu_rt_runtime: integer({ cut: true }),
    cpus: float,
    cpuset: text,
    cpu_shares: integer({ cut: true }),
    command,
    configs: serviceConfigs,
    container_name: containerName,
    credential_spec: record<CredentialSpec>({ config: text, file: text, registry: text }),
    depends_on: dependsOn,
    deploy,
    device_cgroup_rules: distinctTexts,
    devices,
    dns: orOne(withoutEmpty(uniqueTexts)),
    dns_opt: uniqueTexts,
    dns_search: orOne(uniqueTexts, { keep: 'text' }),
    domainname: text,
    entrypoint: command,
    provider,
    environment,
    env_file: envFiles,
    expose: list(textOrInteger, { expects: 'a list of ports', unique: textOfItem }),
    extends: short(
      link,
      { expects: 'the name of a service, or a mapping', schema: oneOf(text.schema, link.schema) },
      node =>
        node.kind === 'scalar' && node.value !== null ? dict(fields({ service: node.value }, node), node.at) : node,
    ),
    external_links: distinctTexts,
    extra_hosts: extraHosts,
    group_add: groups,
    gpus,
    hostname: text,
    healthcheck,
    image: text,
    init: said(flag),
    ipc: text,
    isolation: text,
    labels,
    label_file: labelFiles,
    links: uniqueTexts,
    logging,
    mem_limit: size(),
    mem_reservation: size({ numbers: 'whole' }),
    memswap_limit: size(),
    mem_swappiness: size({ numbers: 'whole' }),
    mac_address: text,
    models: orNames(named(orNull(serviceModel)), name => scalar(null, name.at)),
    network_mode: text,
    networks: attachments,
    oom_kill_disable: flag,
    oom_score_adj: integer({ minimum: -1000, maximum: 1000 }),
    pid: orAbsent(text),
    pids_limit: integer({ cut: true }),
    platform: text,
    ports,
    privileged: flag,
    pull_policy: pullPolicy,
    read_only: flag,
    restart: text,
    runtime: text,
    scale: said(integer()),
    secrets: serviceSecrets,
    security_opt: distinctTexts,
    shm_size: size(),
    stdin_open: flag,
    stop_grace_period: said(duration),
    stop_signal: text,
    storage_opt: named(printable('number', 'boolean')),
    sysctls: labels,
    tmpfs: orOne(uniqueTexts, { keep: 'text' }),
    tty: flag,
    ulimits,
    use_api_socket: strictFlag,
    user: text,
    userns_mode: text,
    uts: text,
    volumes: mounts,
    volumes_from: distinctTexts,
    working_dir: text,
    pre_start: startHooks,
    post_start: hooks,
    pre_stop: hooks,
  },
  {
    noEffect: {
      pull_refresh_after: {
        schema: { type: 'string' },
        why: 'docker compose does nothing with it',
        hint: 'use "pull_policy: every_12h"',
      },
    },
  },
)

function textOfItem(item: Node): string {
  return item.kind === 'scalar' ? scalarText(item) : ''
}

/** Empty entries say nothing. */
function withoutEmpty(shape: Shape<readonly string[]>): Shape<readonly string[]> {
  return { ...shape, decode: (node, context) => shape.decode(node, context).filter(entry => entry !== '') }
}
