import type { ImageDetail } from '../../src/engine/engine.ts'

/** An image that an engine has, of what a test is about and nothing else. */
export function anImage(more: Partial<ImageDetail> = {}): ImageDetail {
  return {
    id: 'sha256:1',
    digest: 'sha256:1',
    tags: [],
    repoDigests: [],
    created: 0,
    size: 0,
    os: 'linux',
    arch: 'amd64',
    labels: {},
    volumes: [],
    exposed: [],
    hasHealthcheck: false,
    env: [],
    command: null,
    entrypoint: null,
    user: '',
    ...more,
  }
}
