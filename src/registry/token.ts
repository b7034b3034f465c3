import { userError } from '../text/problem.ts'
import type { Wanted } from './challenge.ts'
import type { Credentials } from './credentials.ts'
import { type Answer, followed, isSafe, type RegistryOptions } from './http.ts'

const limit = 1024 * 1024

/**
 * A token of the kind that a registry wants (distribution's spec/auth/token): for a password by GET, for an identity token by POST,
 * for nobody as well. Undefined where it is refused; throws UserError where it cannot be had at all.
 */
export async function token(
  wanted: Wanted & { readonly scope: string },
  host: string,
  known: Credentials | undefined,
  options: RegistryOptions,
): Promise<string | undefined> {
  const realm = realmOf(wanted, host)
  const answer = known?.identitytoken
    ? await followed(realm, { limit, options, ...refresh(wanted, known.identitytoken) })
    : await followed(realm, {
        limit,
        options,
        headers: known?.password === undefined ? {} : { authorization: basic(known) },
      })
  if (answer.status === 401 || answer.status === 403) return undefined
  const found = answer.status === 200 ? tokenOf(answer) : undefined
  if (found) return found
  throw userError('registry-failed', `"${realm.host}" gives no token for registry "${host}": ${answer.status}`)
}

/** As HTTP's basic authentication has it. */
export function basic({ username = '', password = '' }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function realmOf(wanted: Wanted, host: string): URL {
  const realm = URL.canParse(wanted.realm) ? new URL(wanted.realm) : undefined
  // A password goes with it.
  if (!realm || !isSafe(realm))
    throw userError(
      'registry-failed',
      `registry "${host}" wants its tokens to be fetched from "${wanted.realm.slice(0, 200)}", which is not https`,
      'tell whoever runs it',
    )
  if (wanted.service !== undefined) realm.searchParams.set('service', wanted.service)
  if (wanted.scope !== undefined) realm.searchParams.set('scope', wanted.scope)
  return realm
}

function refresh({ service = '', scope = '' }: Wanted, identity: string) {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    service,
    scope,
    client_id: 'gantry',
    refresh_token: identity,
  }).toString()
  return { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
}

function tokenOf({ body }: Answer): string | undefined {
  try {
    const answer = JSON.parse(body.toString()) as { token?: unknown; access_token?: unknown } | null
    const given = answer?.token ?? answer?.access_token
    return typeof given === 'string' && /^[\x21-\x7e]+$/.test(given) ? given : undefined
  } catch {
    return undefined
  }
}
