import type { Service } from '../../model/project.ts'
import type { Complain } from './complain.ts'

const restart = /^(?:no|always|unless-stopped|on-failure(?::\d+)?)?$/
const pullPolicy = /^(?:always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:\d+[wdhms])+)$/

/** Values that docker compose takes and an engine refuses or nobody acts on: told, since the model with them is docker compose's. */
export function tellOddValues(name: string, service: Service, warn: Complain): void {
  const at = (...path: string[]) => ['services', name, ...path]
  if (service.restart !== undefined && !restart.test(service.restart))
    warn(
      'odd-value',
      at('restart'),
      `no engine knows the restart policy "${service.restart}"`,
      'write no, always, unless-stopped or on-failure:N',
    )
  if (service.pull_policy !== undefined && !pullPolicy.test(service.pull_policy))
    warn(
      'odd-value',
      at('pull_policy'),
      `"${service.pull_policy}" is no pull policy`,
      'write always, missing, never, build, daily, weekly or every_12h',
    )
  service.ports?.forEach(({ target, mode }, i) => {
    const port = at('ports', String(i))
    if (target !== undefined && target > 65_535)
      warn('odd-value', [...port, 'target'], `no port has the number ${target}`, 'write a number from 1 to 65535')
    if (mode !== undefined && !['', 'host', 'ingress'].includes(mode))
      warn('odd-value', [...port, 'mode'], `"${mode}" is no mode of a port`, 'write ingress or host, or leave it out')
  })
}
