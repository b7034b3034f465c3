import { withoutSecrets } from '../model/hidden.ts'
import type { Service } from '../model/project.ts'
import { looksSecret, shown } from '../model/secrets.ts'
import type { Found } from './finding.ts'
import type { Subject } from './scene.ts'

/** Values that a container was given under names that tell of a secret. */
export function secretsOf({ container }: Subject, declared: Service | undefined): readonly string[] {
  const live = (container?.spec.env ?? []).map(entry => [entry.split('=', 1)[0]!, entry.slice(entry.indexOf('=') + 1)])
  const written = Object.entries(declared?.environment ?? {}).map(([name, value]) => [name, value ?? ''])
  const secret = [...live, ...written].filter(([name, value]) => value !== '' && looksSecret(name!))
  return [...new Set(secret.map(([, value]) => value!))]
}

/** Takes the secrets of a container out of a text, and passwords out of addresses; what is left of a line may be told. */
export function hiding(subject: Subject, declared: Service | undefined): (text: string) => string {
  const secrets = secretsOf(subject, declared)
  return text => told(text, secrets)
}

/** Programs print what they were given: no secret gets on a screen by way of a log line or an engine's words. */
export function withoutSecretsOf(found: Found, secrets: readonly string[]): Found {
  const hide = (text: string) => told(text, secrets)
  return {
    ...found,
    message: hide(found.message),
    hint: hide(found.hint),
    evidence: found.evidence.map(({ field, value }) => ({ field, value: hide(value) })),
    ...(found.fix !== undefined && { fix: hide(found.fix) }),
  }
}

/** Cut last, so that no part of a secret is left: programs print megabytes in a line, whose two ends say enough. */
function told(text: string, secrets: readonly string[]): string {
  return shown('', withoutSecrets(text, secrets)).replaceAll(/[^\n]{2001,}/g, line =>
    `${line.slice(0, 1500)} … ${line.slice(-400)}`.toWellFormed(),
  )
}
