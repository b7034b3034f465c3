/** What a key of the dashboard stands for. */
export type Command =
  | { readonly verb: 'start' | 'stop' | 'restart' | 'bring-up' | 'rebuild' | 'why'; readonly service: string }
  | { readonly verb: 'exec'; readonly service: string }
  | { readonly verb: 'scale'; readonly service: string; readonly number: number }
  | { readonly verb: 'open'; readonly service: string; readonly target: number; readonly url: string }
  | { readonly verb: 'plan' | 'apply' }

/** What one would type for it after the program's name. */
export function lineOf(command: Command): string {
  switch (command.verb) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'why':
      return `${command.verb} ${command.service}`
    case 'bring-up':
      return `up --detach ${command.service}`
    case 'rebuild':
      return `up --detach --build ${command.service}`
    case 'exec':
      return `exec ${command.service} sh`
    case 'scale':
      return `scale ${command.service}=${command.number}`
    case 'open':
      return `port ${command.service} ${command.target}`
    case 'plan':
      return 'plan'
    case 'apply':
      return 'up --detach'
  }
}

/** As `lineOf`, with the program: "gantry restart web". */
export const commandOf = (command: Command): string => `gantry ${lineOf(command)}`
