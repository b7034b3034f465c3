import type { Meanings } from './meaning.ts'

/** Files of a project, what they name, and where they lie. */
export const project: Meanings = {
  'bad-env-file': [
    'An env file cannot be read as it is asked for.',
    'Mend the line that is shown, or the attribute "format".',
  ],
  'bad-extends': [
    '"extends" does not say which service is meant.',
    'Write {service: NAME}, with a file where it is in another one.',
  ],
  'bad-include': ['"include" does not say which files are meant.', 'Write paths of compose files.'],
  'bad-interpolation': [
    'A "$" begins a variable that is not written as one.',
    'Write ${NAME}; write "$$" where "$" is meant.',
  ],
  'bad-lock': ['The lock file is not one that Gantry has written.', 'Write it anew: gantry lock.'],
  'bad-pattern': ['A line of an ignore file is no pattern.', 'Correct or remove it.'],
  'bad-project-name': [
    'A project’s name holds what it cannot hold.',
    'Use small letters, digits, "-" and "_", and begin with a letter or digit.',
  ],
  'bad-remote': [
    'An address is neither of a git repository nor of an artifact in a registry.',
    'Write https://….git#REF:FOLDER or oci://HOST/NAME:TAG.',
  ],
  'bad-seccomp-profile': ['A seccomp profile is no JSON.', 'Mend the file, or name another.'],
  'build-cycle': ['Images are built upon each other in a circle.', 'Take one of the contexts out.'],
  'cache-unwritable': [
    'What was fetched cannot be kept, since the folder for it cannot be written.',
    'Make it writable, or set XDG_CACHE_HOME.',
  ],
  'empty-project-name': ['The project has no name.', 'Give one with --project-name or "name:".'],
  'extends-cycle': ['Services extend each other in a circle.', 'Take one "extends" out.'],
  'extends-too-deep': ['Services extend each other in a chain that is too long.', 'Shorten it.'],
  'git-failed': [
    'A git repository cannot be fetched.',
    'Try "git ls-remote" with its address: the reason is the same.',
  ],
  'git-missing': ['A part of the project lies in a git repository, and there is no program "git".', 'Install git.'],
  'include-cycle': ['Files include each other in a circle.', 'Take one "include" out.'],
  'is-directory': [
    'A directory is where a file has to be.',
    'Name the file; an engine may have made the directory because there was none.',
  ],
  'name-of-a-link': [
    'The project is named for a link that leads to its folder, not for the folder.',
    'Give it a name of its own, so that both ways lead to one project.',
  ],
  'no-compose-file': ['A folder has no compose file.', 'Name one with --file, or make one: gantry init.'],
  'no-file': [
    'No compose file was found here or in a folder above.',
    'Go to the project, name a file with --file, or make one: gantry init.',
  ],
  'no-lock': ['There is no lock file.', 'Write one: gantry lock.'],
  'no-seccomp-profile': ['A seccomp profile cannot be read.', 'Correct its path.'],
  'no-such-directory': ['A directory is not there.', 'Correct the path, or make it.'],
  'no-such-file': ['A file is not there.', 'Correct the path, or make the file.'],
  'no-such-ref': ['A git repository has no such branch or tag.', 'Name one that it has.'],
  'not-in-lock': [
    'An image is not in the lock file, which does not hold images of that place.',
    'Write its digest into the compose file.',
  ],
  'not-locked': ['The lock file does not know an image that a service runs.', 'Write it anew: gantry lock.'],
  'lock-unused': ['The lock file has an image that no service runs.', 'Write it anew: gantry lock.'],
  'outside-part': [
    'A path leads out of the repository that it belongs to.',
    'Keep what belongs together in one repository.',
  ],
  'remote-disabled': [
    'A part that lies elsewhere is not fetched, since that is switched off.',
    'Switch it on, or fetch the part yourself.',
  ],
  'remote-lock': ['A project that lies elsewhere has no lock file.', 'Name it by its digest or commit.'],
  'remote-project': [
    'The project comes from elsewhere; what it brings and takes is told.',
    'Read it before you agree.',
  ],
  'remote-too-large': [
    'A server sends more than a project can need.',
    'Look whether the address is the one that is meant.',
  ],
  'scaled-name': [
    'A service with a container_name is to run more than once, and a name is there once.',
    'Remove container_name, or run one.',
  ],
  'several-files': [
    'The folder has more than one compose file of the usual names; the first one is used.',
    'Remove the others, or name one with --file.',
  ],
  'too-many-includes': ['More files are included than any project has.', 'Look for a circle that grows.'],
  'too-many-parts': ['More remote parts are named than any project has.', 'Look for a circle that grows.'],
  'unreadable-file': ['A file cannot be read.', 'Look at its rights, and who you are.'],
  'unreadable-context': [
    'The folder that is to be built cannot be read.',
    'Look at its rights, or exclude what is not yours in .dockerignore.',
  ],
  'unwritable-file': ['A file cannot be written.', 'Look at the rights of its folder, and at the space on the disk.'],
}
