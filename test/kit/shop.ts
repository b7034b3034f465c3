import type { Network, Project, Service, Volume } from '../../src/model/project.ts'

export interface Declared {
  readonly name?: string
  readonly services: Readonly<Record<string, Service>>
  readonly disabled?: Readonly<Record<string, Service>>
  readonly networks?: Readonly<Record<string, Partial<Network>>>
  readonly volumes?: Readonly<Record<string, Partial<Volume>>>
  readonly configs?: Project['configs']
  readonly secrets?: Project['secrets']
}

/** A project as the loader gives it: names filled in, services without networks on the default one. */
export function shop({
  name = 'shop',
  services,
  disabled = {},
  networks = {},
  volumes = {},
  ...rest
}: Declared): Project {
  const connected = (all: Readonly<Record<string, Service>>) =>
    Object.fromEntries(
      Object.entries(all).map(([key, s]) => [
        key,
        {
          image: 'app:1',
          ...s,
          ...(s.networks || s.network_mode !== undefined ? {} : { networks: { default: null } }),
        },
      ]),
    )
  return {
    name,
    working_dir: '/srv/shop',
    files: ['/srv/shop/compose.yaml'],
    env_files: [],
    environment: {},
    profiles: [],
    services: connected(services),
    disabled: connected(disabled),
    networks: named(name, { default: {}, ...networks }),
    volumes: named(name, volumes),
    secrets: {},
    configs: {},
    models: {},
    extensions: {},
    ...rest,
  }
}

const named = <T extends { readonly name?: string }>(project: string, all: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(all).map(([key, thing]) => [key, { name: `${project}_${key}`, ...thing }]))
