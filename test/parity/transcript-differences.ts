/** Where ours differs from docker compose's on purpose, by the transcript's line; `all` frees the output as well, not the exit code. */
export interface Difference {
  readonly lines: readonly number[]
  readonly because: string
  /** Sentences of docker compose's that ours does without; all without it. */
  readonly without?: RegExp
  /** Our exit code, where it is another. */
  readonly exit?: number
}

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

export const differences: readonly Difference[] = [
  { lines: [21], because: 'the environment of whoever ran it', without: /^(DOCKER_|HOME|LANG|PATH|PWD|TERM)/ },
  {
    lines: [29, 163, 164, 165],
    because: 'a dry run tells a plan with reasons, not steps that never happen',
    without: /^(Network|Volume|Container) /,
  },
  {
    lines: [...span(33, 35), 131, 133, 166, 167],
    because: 'nothing waits for what is healthy already where nothing that needs it starts',
    without: /Waiting|Healthy/,
  },
  { lines: [75], because: 'which of two streams wrote last is chance', without: /^db-1/ },
  { lines: [91], because: 'the code is the engine’s, and another engine says 126', exit: 126, without: /^$/ },
  { lines: [95, 96, 99, 101], because: 'run tells for which dependencies it waits, not which run', without: /Running/ },
  { lines: [104], because: 'the transcript describes an archive, ours is one', without: /^<tar, / },
  { lines: [116, 129], because: 'how a health check stands depends on when one looks', without: /shop-/ },
  { lines: [122], because: 'the engine’s own words', without: /NOSUCH|Error/ },
  {
    lines: [134],
    because: 'what happened in that second depends on when one looks; a time that is over is no error',
    exit: 0,
  },
  { lines: [142], because: 'nothing is an experiment', without: /EXPERIMENTAL/ },
  { lines: [146], because: 'nothing is brought up for a watch that has nothing to watch', without: /^Container / },
  {
    lines: [147],
    because: 'an unknown command is told with a suggestion, not with all of the help',
    without: /^(?!unknown docker command)/,
  },
  { lines: [152, 195], because: 'an up that fails tells what failed, not what runs besides', without: /Running/ },
  { lines: [156], because: 'a word that --ansi does not know is refused', exit: 1 },
  { lines: [162], because: 'a dry run asks no registry', exit: 0, without: /^Image|^failed to do request/ },
  {
    lines: [168, 200],
    because: 'what has ended is not stopped, and networks are removed when nobody uses them',
    without: /Stopp|still in use/,
  },
  {
    lines: [171],
    because: 'the first down has removed the container of run, and with it the network that it kept in use',
    without: /shop-web-run|Network shop_front/,
  },
  {
    lines: [174, 177, 178, 180],
    because: 'the engine builds, not buildx',
    without: /^(#|Dockerfile|---|\s|\d|View build|Bad:)|>|-----|\|/,
  },
  { lines: [182], because: 'what is printed is what there is to build', without: /^No services to build/ },
  { lines: [183], because: 'what failed bears the kind of thing it is', without: /^vecbuilt:1 Get/ },
  {
    lines: [185],
    because: 'without its image nothing is begun, and the cause is told, not that there is no image',
    without: /^(Image vecbuilt:1 Get|Network built_default|Container built-app-1|service:app:1|Error response)/,
  },
  {
    lines: span(186, 189),
    because: 'the sentence is the engine’s, behind which image it is about; all pulls are tried, none interrupted',
    without: /^Image .* (Error|Interrupted)|^Error response/,
  },
  { lines: [190, 191], because: 'the engine’s own words', without: /Error response/ },
  { lines: [192], because: 'the failure is told at the container, with its cause', without: /dependency u failed/ },
  { lines: [197], because: 'an error, not a warning that ends in one', without: /WARNING/ },
  {
    lines: [201, 202],
    because: 'the sentence is a Go library’s, with a place that is often wrong',
    without: /go-yaml/,
  },
  { lines: [203], because: 'a mistake is told with its line, and what was meant', without: /^validating/ },
  { lines: [212, 213], because: 'what runs when it begins depends on how the one before was ended', exit: 0 },
  { lines: [...span(214, 218), 220, 223], because: 'what has ended is not stopped', without: /Stopp/ },
  { lines: [221], because: 'logs -f ends where nothing runs any more', exit: 0, without: /^$/ },
]
