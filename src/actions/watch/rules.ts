import { posix, relative, sep } from 'node:path'
import { type Ignore, ignoring, including } from '../../local/build/ignore.ts'
import type { Project, WatchRule } from '../../model/project.ts'
import { type Problem, userError } from '../../text/problem.ts'

/** One rule of one service, with all that decides whether a path is its business. */
export interface Rule {
  readonly service: string
  readonly action: WatchRule['action']
  /** Absolute. */
  readonly path: string
  /** Where in the container its files go, of rules that send some. */
  readonly target: string | undefined
  readonly exec: WatchRule['exec']
  readonly initial: boolean
  /** Whether a path is the rule's business. */
  wants(path: string): boolean
  /** Whether something below a directory may be. */
  reaches(directory: string): boolean
  /** Where in the container a path of the host goes. */
  inContainer(path: string): string
}

/** What a build context's ignore file says, and which directory that counts from. */
export interface ContextIgnore {
  readonly root: string
  readonly rules: Ignore
}

export interface Rules {
  readonly rules: readonly Rule[]
  readonly problems: readonly Problem[]
}

/**
 * The rules of the selected services. Throws UserError where there is none. Files that a bind mount brings in anyway are not sent:
 * that is told.
 */
export function watchRules(
  project: Project,
  services: readonly string[],
  contextIgnore: (service: string) => ContextIgnore | undefined,
): Rules {
  const problems: Problem[] = []
  const chosen = Object.entries(project.services).filter(([name]) => services.length === 0 || services.includes(name))
  const rules = chosen.flatMap(([name, service]) =>
    (service.develop?.watch ?? []).flatMap((written, i) => {
      const mount = service.volumes?.find(
        v => v.type === 'bind' && v.source !== undefined && isWithin(written.path, v.source),
      )
      if (written.action.startsWith('sync') && mount) {
        problems.push({
          code: 'watch-bind-mount',
          severity: 'warning',
          message: `path "${written.path}" of service "${name}" is mounted into the container already: it is not watched`,
          hint: `leave out rule ${i + 1} of "develop.watch", or the mount at "${mount.target}"`,
        })
        return []
      }
      return [ruleOf(name, written, contextIgnore(name))]
    }),
  )
  if (rules.length === 0 && problems.length === 0) throw nothingToWatch()
  return { rules, problems }
}

/** Whether a selected service says what to watch. */
export const isWatched = (project: Project, services: readonly string[]): boolean =>
  Object.entries(project.services).some(
    ([name, { develop }]) => (services.length === 0 || services.includes(name)) && (develop?.watch ?? []).length > 0,
  )

export const nothingToWatch = () =>
  userError(
    'nothing-to-watch',
    "none of the selected services is configured for watch, consider setting a 'develop' section",
    'write what to watch under "develop.watch" of a service',
  )

function ruleOf(service: string, written: WatchRule, context: ContextIgnore | undefined): Rule {
  const { path, action, target, include = [], ignore = [], exec, initial_sync: initial = false } = written
  const included = include.length > 0 ? including(include) : undefined
  const ignored = ignoring(ignore)
  const below = (full: string) => slashed(relative(path, full))
  const leftOut = (full: string, check: (rules: Ignore, inner: string) => boolean) =>
    context !== undefined &&
    isWithin(full, context.root) &&
    full !== context.root &&
    check(context.rules, slashed(relative(context.root, full)))
  return {
    service,
    action,
    path,
    target,
    exec,
    initial,
    wants(full) {
      if (!isWithin(full, path) || isNobodys(full.slice(path.length))) return false
      const inner = below(full)
      if (inner !== '' && (ignored.excludes(inner) || included?.excludes(inner))) return false
      return !leftOut(full, (rules, name) => rules.excludes(name))
    },
    reaches(directory) {
      if (isWithin(path, directory)) return true
      if (!isWithin(directory, path) || isNobodys(`${directory.slice(path.length)}/`)) return false
      const inner = below(directory)
      if (ignored.excludes(inner) && !ignored.reaches(inner)) return false
      if (included && included.excludes(inner) && !included.reaches(inner)) return false
      return !leftOut(directory, (rules, name) => rules.excludes(name) && !rules.reaches(name))
    },
    inContainer: full => (full === path ? (target ?? '/') : posix.join(target ?? '/', below(full))),
  }
}

/** What no one wants in a container: git's own files, and what editors leave beside the files that they save. */
export function isNobodys(path: string): boolean {
  return slashed(path)
    .split('/')
    .some(part => part === '.git' || editors.test(part))
}

// vim (.x.swp, .x.swpx, 4913, x~), emacs (.#x, #x#), JetBrains (x___jb_tmp___, x___jb_old___), kate (.x.kate-swp), go (x-go-tmp-umask)
const editors = /^4913$|~$|^\..*\.sw[a-z]{1,2}$|^\.#|^#.*#$|___jb_(?:tmp|old)___$|\.kate-swp$|-go-tmp-umask$/

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

const slashed = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'))
