/** How docker compose calls a project in a registry, and the parts of one. */
export const project = {
  artifact: 'application/vnd.docker.compose.project',
  // The form for registries of OCI 1.0, which knows no artifact types.
  config: 'application/vnd.docker.compose.config.empty.v1+json',
  file: 'application/vnd.docker.compose.file+yaml',
  envFile: 'application/vnd.docker.compose.envfile',
} as const
