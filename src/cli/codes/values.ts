import type { Meanings } from './meaning.ts'

/** Values of attributes. */
export const values: Meanings = {
  'bad-boolean': ['A value is neither true nor false.', 'Write true or false.'],
  'bad-command': ['A command written as text cannot be split into words.', 'Close its quotes, or write it as a list.'],
  'bad-device': ['A device is not written as SOURCE:TARGET:RIGHTS.', 'Write "/dev/ttyUSB0:/dev/ttyUSB0:rwm".'],
  'bad-duration': ['A value is no duration.', 'Write a number with its unit: 90s, 1m30s.'],
  'bad-healthcheck': [
    'The test of a health check begins with none of the words that say how it is run.',
    'Begin the list with CMD, CMD-SHELL or NONE.',
  ],
  'bad-host': ['A value is no host name with an address.', 'Write "name=203.0.113.1".'],
  'bad-mode': ['A value is no octal number.', 'Write four digits from 0 to 7, such as 0440.'],
  'bad-mount': ['A value is no mount.', 'Write SOURCE:TARGET:OPTIONS, or the long form with type, source and target.'],
  'bad-name': ['A name holds what names cannot hold.', 'Use letters, digits, ".", "_" and "-".'],
  'bad-number': ['A value is no number.', 'Write a number, without its unit.'],
  'bad-port': ['A value is no port.', 'Write HOST:CONTAINER, such as "8080:80".'],
  'bad-size': ['A value is no size.', 'Write a number with its unit: 512m, 2g.'],
  'bad-value': ['A value is none of those that the attribute takes.', 'Write one of those that are named.'],
  'bad-watch': [
    'A rule of "develop.watch" lacks something, or has what its action does not take.',
    'Give path and action, and a target where files are synced.',
  ],
  'cannot-override': [
    'Two files say what cannot be put together.',
    'Say it in one of them, or put !override before the later one.',
  ],
  conflict: ['Two attributes exclude each other.', 'Keep the one that is meant.'],
  'cut-number': ['A number with a fraction is cut to a whole one.', 'Write a whole number.'],
  'distinct-values': ['Two attributes that mean the same have different values.', 'Keep one of them.'],
  'drive-letter': ['A single letter before ":" is read as a drive of Windows.', 'Give the volume a longer name.'],
  'duplicate-mount': ['Two mounts have the same place in the container.', 'Remove one of them.'],
  'duplicate-name': [
    'Two services have the same container_name, and a name is there once.',
    'Remove one of them, or both.',
  ],
  'external-conflict': [
    'What exists outside is given settings here, which nobody would use.',
    'Remove the settings, or "external".',
  ],
  'float-size': ['A size with a fraction and no unit is read as 0: no limit.', 'Write a whole number with a unit.'],
  'image-name-invalid': ['A text is no name of an image: capitals, blanks, or an empty variable.', 'Correct the name.'],
  'missing-key': ['An attribute that has to be there is missing.', 'Add it.'],
  negative: ['A number is below 0.', 'Write 0 or more.'],
  'no-build': [
    'A service is an additional context of a build, and is not built itself.',
    'Give it "build", or name another.',
  ],
  'no-effect': [
    'What is written has no effect here; the message says why.',
    'Remove it, or leave it for the tool that reads it.',
  ],
  'no-image': ['A service says neither which image it runs nor how one is built.', 'Add "image" or "build".'],
  'no-source': [
    'A config or secret says nothing of where it comes from.',
    'Add file, environment or content; or external.',
  ],
  'no-value': ['A key has no value.', 'Write a value, or remove the key.'],
  obsolete: ['An attribute means nothing any more.', 'Remove it.'],
  'odd-value': [
    'A value is taken by the file format, and refused or ignored by engines.',
    'Write one of the values that are named.',
  ],
  'out-of-range': ['A number is outside of what the attribute takes.', 'Write one within the range that is named.'],
  'repeated-item': ['A list has an item twice.', 'Keep one of them.'],
  'unknown-key': ['The format has no such attribute.', 'Correct its name; keys of your own begin with "x-".'],
  'unknown-option': ['A mount has an option that does not exist, which has no effect.', 'Correct or remove it.'],
  'several-sources': ['A config or secret comes from more than one place.', 'Keep one of them.'],
  unsupported: [
    'What is asked for cannot be done here; the message says why.',
    'Do without it, or use an engine that can.',
  ],
  'wrong-type': [
    'A value is a text, a list or a mapping where something else has to be.',
    'Write what the message expects.',
  ],
}
