import { createHash } from 'node:crypto'
import type { ImageInspect } from '@docker/node-sdk'
import { entries, type Field, message } from '../../../base/protobuf.ts'
import { fullName } from '../../../registry/reference.ts'
import { EngineError } from '../../errors.ts'
import { type Docker, orUndefined, told } from '../docker.ts'

/** An image as a frontend is given it: where it comes from, and what its config says (ENV, USER …). */
export interface ImageInput {
  /** A `pb.Definition`. Source: solver/pb/ops.proto of moby/buildkit */
  readonly definition: Buffer
  /** For the frontend's attribute `input-metadata:NAME`. */
  readonly metadata: string
}

/**
 * An image that the engine has, as the input of a build. By its name alone BuildKit would ask a registry for it where newer base
 * images are wanted, or where the engine keeps images as registries do, and might be given somebody else's. Throws EngineError.
 */
export async function imageInput({ modem }: Docker, name: string, image: string): Promise<ImageInput> {
  const path = `/images/${encodeURI(image)}/json`
  const found = (await orUndefined(told(modem.ask({ method: 'GET', path })))) as ImageInspect | undefined
  if (!found) throw new EngineError('not-found', `the engine has no image "${image}"`, { hint: 'build it first' })
  const { Architecture: architecture = '', Os: os = '', Variant: variant, Config: config, RootFS } = found
  const platform = message([
    [1, architecture],
    [2, os],
    [3, variant || undefined],
  ])
  const source = message([[1, `docker-image://${fullName(image)}`], ...entries(2, { 'image.resolvemode': 'local' })])
  const from = message([
    [3, source],
    [10, platform],
  ])
  const digest = `sha256:${createHash('sha256').update(from).digest('hex')}`
  const input: Field[] = [[1, digest]]
  const end = message([[1, message(input)]])
  const rootfs = { type: 'layers', diff_ids: RootFS?.Layers ?? [] }
  const described = { architecture, os, ...(variant && { variant }), config, rootfs }
  return {
    definition: message([
      [1, from],
      [1, end],
      // Without a word on any step the whole counts as nil (28.5.2).
      ...entries(2, { [digest]: message(entries(2, { 'llb.customname': `[context ${name}] ${image}` })) }),
    ]),
    // Go's JSON has bytes in base64.
    metadata: JSON.stringify({ 'containerimage.config': Buffer.from(JSON.stringify(described)).toString('base64') }),
  }
}
