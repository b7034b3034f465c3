import type { Diagnosis } from './diagnosis.ts'
import { refused } from './telling.ts'

/** Images that cannot be built. */
export const builds: readonly Diagnosis[] = [
  refused({
    code: 'build-copy-missing',
    cause: 'A COPY or ADD names a file that is not in the build context, or that .dockerignore leaves out.',
    evidence:
      'The build says "failed to calculate checksum … not found" or "COPY failed: file not found in build context".',
    fix: 'Correct the path (it counts from the context), or the rules of .dockerignore.',
    doing: ['build'],
    says: /failed to calculate checksum of ref [^:]*(?:::\S*)?: "?([^":]+)"?: not found|COPY failed: (?:file not found in build context or excluded by \.dockerignore: stat |stat )([^:]+):|failed to compute cache key: "?\/?([^":]+)"?: not found/,
    tell([, checksum, classic, older], { service }) {
      const path = checksum ?? classic ?? older
      return {
        message: `the build of "${service}" copies "${path}", which is not in its context or is left out by .dockerignore`,
        hint: 'correct the path, which counts from the context, or the rules of .dockerignore',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-step-failed',
    cause: 'A command of the Dockerfile ended with an error.',
    evidence: 'The build says "did not complete successfully: exit code" or "returned a non-zero code".',
    fix: 'Its output says why. 127: the base image lacks the program. 137: memory.',
    doing: ['build'],
    says: /process "([^"]*)" did not complete successfully: exit code: (\d+)|The command '([^']*)' returned a non-zero code: (\d+)/,
    tell([, command, code, classic, classicCode], { service }) {
      const status = Number(code ?? classicCode)
      return {
        message: `the build of "${service}" failed: "${command ?? classic}" ended with ${status}`,
        hint:
          status === 127
            ? 'the base image lacks a program that it calls: install it first'
            : status === 137
              ? 'it was killed, mostly for memory'
              : 'its output says why',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-input-missing',
    cause:
      'What the build starts from is not there, or cannot be read: the Dockerfile, the context, a stage, a secret.',
    evidence:
      'The build says which: "failed to read dockerfile", "target stage … could not be found", "unknown instruction", "secret …: not found".',
    fix: 'Correct the name; a misspelt COPY --from is read as an image’s name.',
    doing: ['build'],
    says: /failed to read dockerfile: open ([^:]+)|target stage "?([^"]+?)"? could not be found|failed to reach build target (\S+) in Dockerfile|dockerfile parse error (?:on )?line (\d+): ([^\n]*)|secret (\S+): not found/i,
    tell([, file, stage, older, line, said, secret], { service }) {
      const [what, attribute]: readonly [string, readonly string[]] = file
        ? [`there is no "${file}" in its context`, ['build', 'dockerfile']]
        : (stage ?? older)
          ? [`its Dockerfile has no stage "${stage ?? older}"`, ['build', 'target']]
          : secret
            ? [`it wants the secret "${secret}", which "build.secrets" does not give`, ['build', 'secrets']]
            : [`its Dockerfile, line ${line}: ${said}`, ['build', 'dockerfile']]
      return {
        message: `the build of "${service}" failed: ${what}`,
        hint: 'correct the name',
        attribute,
      }
    },
  }),
]
