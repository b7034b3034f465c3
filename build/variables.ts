/** Environment variables that act, for docs/commands.md: what they set, and whether the project's .env may hold them. */
export const acting = [
  ['COMPOSE_FILE', 'the files, as `--file`, with COMPOSE_PATH_SEPARATOR (":", on Windows ";") between them', 'yes'],
  ['COMPOSE_PROJECT_NAME', 'the project’s name, as `--project-name`', 'yes'],
  ['COMPOSE_PROFILES', 'profiles, as `--profile`, with commas between them', 'yes'],
  ['COMPOSE_ENV_FILES', 'files of variables, as `--env-file`, with commas between them', 'no'],
  ['COMPOSE_DISABLE_ENV_FILE', 'true: `.env` is not read', 'yes'],
  ['COMPOSE_CONVERT_WINDOWS_PATHS', 'true: `C:\\dir` in a mount becomes `/c/dir`', 'yes'],
  ['COMPOSE_COMPATIBILITY', 'true: names of containers with "_", as `--compatibility`', 'yes'],
  ['COMPOSE_PARALLEL_LIMIT', 'engine calls at once, as `--parallel`', 'yes'],
  ['COMPOSE_REMOVE_ORPHANS', 'true: as `--remove-orphans`', 'yes'],
  ['COMPOSE_IGNORE_ORPHANS', 'true: orphans are not warned of', 'yes'],
  ['COMPOSE_MENU', 'false: no keys under `up`, as `--menu=false`', 'yes'],
  ['COMPOSE_PROGRESS', 'as `--progress`', 'yes'],
  ['COMPOSE_ANSI', 'as `--ansi`; NO_COLOR takes colours away, TERM=dumb and CI the drawing', 'yes'],
  ['COMPOSE_STATUS_STDOUT', 'true: progress goes to standard output; problems stay on standard error', 'no'],
  ['COMPOSE_EXPERIMENTAL_GIT_REMOTE', 'false: no Compose files out of git repositories', 'yes'],
  ['COMPOSE_EXPERIMENTAL_OCI_REMOTE', 'false: no Compose files out of registries', 'yes'],
  ['DOCKER_HOST, DOCKER_CONTEXT', 'the engine, as `--host` and `--context`', 'no'],
  ['DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH', 'TLS to an engine over TCP', 'no'],
  ['DOCKER_API_VERSION', 'the API version to speak', 'no'],
  [
    'DOCKER_CUSTOM_HEADERS',
    'headers of every request to the engine: `name=value,name=value`; else `HttpHeaders` of docker’s configuration',
    'no',
  ],
  ['DOCKER_CONFIG, DOCKER_AUTH_CONFIG', 'docker’s configuration and credentials', 'no'],
  ['DOCKER_DEFAULT_PLATFORM', 'the platform of services that name none', 'yes'],
  ['DOCKER_BUILDKIT', '0: the classic builder, on engines that have BuildKit as well', 'no'],
  ['BUILDX_BUILDER', 'a warning that images are built by the engine itself', 'no'],
] as const

/** Those of docker compose and docker that say nothing here, and why. */
export const silent = [
  ['BUILDKIT_PROGRESS', 'builds are shown as all progress is: `--progress`'],
  ['COMPOSE_BAKE, COMPOSE_EXPERIMENTAL', 'docker compose 5 does not consult them either'],
  ['COMPOSE_EXPERIMENTAL_WATCH_TAR', 'files are always sent as an archive'],
  ['COMPOSE_WATCH_WINDOWS_BUFFER_SIZE', 'Node sets that buffer'],
  ['DOCKER_CONTENT_TRUST', 'pin digests instead: `gantry lock`'],
  [
    'DOCKER_CLI_HINTS, DOCKER_CLI_HOOKS, DOCKER_CLI_DISABLE_COMPLETION_DESCRIPTION',
    'they are about the docker command’s own words',
  ],
  ['DOCKER_CLI_PLUGIN_USE_DIAL_STDIO', 'engines over ssh are always spoken to that way'],
  ['OTEL_…', 'nothing is traced'],
] as const
