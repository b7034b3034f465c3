import type { Cause } from './diagnosis.ts'

/** What loading and planning refuse or remark on before anything runs: there is no scene of it. Messages bear the codes in `told`. */
export const loading: readonly Cause[] = [
  {
    code: 'undefined-reference',
    told: ['undefined-service', 'undefined-network', 'undefined-volume', 'undefined-config', 'undefined-secret'],
    cause: 'The file refers to a service, network, volume, config or secret that it does not declare.',
    evidence: 'The name stands in no section of that kind. One that is nearly the same is named: most are misspelt.',
    fix: 'Correct the name, or declare it.',
  },
  {
    code: 'profile-off',
    told: ['service-off'],
    cause: 'A service needs another one that is declared, and off: none of its profiles is on.',
    evidence: 'The other service has "profiles", and neither --profile nor COMPOSE_PROFILES names one of them.',
    fix: '--profile NAME; or "required: false" where the service can do without.',
  },
  {
    code: 'cycle',
    told: ['dependency-cycle'],
    cause: 'Services wait for each other in a circle: none of them could start first.',
    evidence: 'Following depends_on from a service leads back to it. The circle is printed.',
    fix: 'Take one dependency out; where both need each other, have one of them try again.',
  },
  {
    code: 'env-dollar-cut',
    told: ['unset-variable'],
    cause: 'A value holds "$" and a word, which is taken for a variable that is not set: "pa$word" becomes "pa".',
    evidence: 'A variable is not set and has no default, and its place is in a password, a command or an env file.',
    fix: 'Write "$$" in the YAML, and single quotes in an env file.',
  },
  {
    code: 'env-required',
    told: ['missing-variable'],
    cause: 'A variable must be set ("${NAME:?…}") and is not.',
    evidence: 'Neither the environment nor .env nor --env-file has it.',
    fix: 'Set it, write it into .env, or give it a default ("${NAME:-…}").',
  },
  {
    code: 'kept-foreign-object',
    told: ['foreign-network', 'foreign-volume', 'volume-differs', 'orphans', 'in-use'],
    cause:
      'A network, a volume or a container is there already and was not made for this file: by another project, by hand, or from a service that is gone.',
    evidence:
      'Its name is the one that is wanted, and its labels are another project’s, or none, or of other settings.',
    fix: 'Declare it as "external: true" to use it; name yours otherwise; remove orphans with --remove-orphans. Volumes hold data: none is removed without a question.',
  },
  {
    code: 'command-cut',
    told: ['command-operator'],
    cause: 'A command written as text ends at "&&", "|" or ";": no shell reads it, and docker compose drops the rest.',
    evidence: 'The command of the container holds only the words before the operator; it ends with 0 too early.',
    fix: 'command: ["sh", "-c", "… && …"].',
  },
]
