import { userError } from '../text/problem.ts'
import { digestOf, type RegistryClient } from './client.ts'
import { type Answer, isSafe, type Streamed } from './http.ts'

const limit = 1024 * 1024

/** Puts bytes into a repository that does not have them yet. */
export async function upload(client: RegistryClient, bytes: Buffer): Promise<void> {
  const digest = digestOf(bytes)
  if (await has(client, digest)) return
  await send(client, digest, bytes, await begun(client, 'blobs/uploads/'))
}

export async function has(client: RegistryClient, digest: string): Promise<boolean> {
  return (await client.ask(`blobs/${digest}`, { method: 'HEAD', limit })).status === 200
}

/** A place to send content to. `path` may ask for content of another repository of the same registry: 201 is that it was given. */
export async function begun(client: RegistryClient, path: string): Promise<Answer> {
  const answer = await client.ask(path, { method: 'POST', body: '', limit })
  if (answer.status === 201 || (answer.status === 202 && answer.headers.location !== undefined)) return answer
  throw client.failed('blobs/uploads', answer, 'write')
}

/** Sends content to a place that was begun. */
export async function send(
  client: RegistryClient,
  digest: string,
  body: Buffer | Streamed,
  { url, headers: { location = '' } }: Answer,
): Promise<void> {
  const place = new URL(location, url)
  // Behind a proxy that ends TLS some registries name themselves without it.
  if (place.host === url.host) place.protocol = url.protocol
  else if (!isSafe(place))
    throw userError(
      'registry-failed',
      `registry "${url.host}" wants content to be sent to "${place.host}", which is not https`,
      'tell whoever runs it',
    )
  place.searchParams.set('digest', digest)
  const done = await client.ask(place, { method: 'PUT', body, limit, type: 'application/octet-stream' })
  if (done.status < 200 || done.status > 299) throw client.failed(`blobs/${digest}`, done, 'write')
}
