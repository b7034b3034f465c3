import type { TestProject } from 'vitest/node'
import { provideEngine } from '../../setup/engine.ts'
import { type Names, provideImages } from '../../setup/images.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** As DOCKER_HOST wants it. */
    readonly engine: string
    /** The names under which the engine has the images that tests run on. */
    readonly images: Names
  }
}

/** Before any test that needs an engine: sees to it that there is one, with the images. Without one the run fails; nothing is skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const found = await provideEngine()
  const images = await provideImages(found)
  found.engine.close()
  project.provide('engine', found.host)
  project.provide('images', images)
}
