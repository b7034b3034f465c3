import type { Project, Service } from '../../src/model/project.ts'

/** A project as loading gives it, of what a test is about and nothing else. */
export function aProject(services: Readonly<Record<string, Service>>, more: Partial<Project> = {}): Project {
  return {
    name: 'shop',
    working_dir: '/srv/shop',
    files: ['/srv/shop/compose.yaml'],
    env_files: [],
    environment: {},
    profiles: [],
    services,
    disabled: {},
    networks: {},
    volumes: {},
    secrets: {},
    configs: {},
    models: {},
    extensions: {},
    ...more,
  }
}
